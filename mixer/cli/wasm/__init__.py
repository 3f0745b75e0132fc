"""`mixs wasm`: filters as images, in files and in registries."""

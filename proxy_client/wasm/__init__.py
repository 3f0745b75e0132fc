"""Filters for Envoy as WebAssembly: C++ sources, and the compiled files that are committed.

`abi/` wraps proxy-wasm ABI 0.2.1; each filter has a folder and a row in `build.FILTERS`.
"""

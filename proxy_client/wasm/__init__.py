"""Filters for Envoy as WebAssembly: C++ sources, and the compiled files that are committed.

`abi/` wraps proxy-wasm ABI 0.2.1; each filter has a folder and a row in `build.FILTERS`.
"""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable


def shipped_filters() -> Mapping[str, Traversable]:
    """The compiled filters that come with this package, by name; no compiler is needed."""
    found = (one for one in files(__name__).iterdir() if one.name.endswith(".wasm"))
    return {one.name.removesuffix(".wasm"): one for one in sorted(found, key=lambda it: it.name)}

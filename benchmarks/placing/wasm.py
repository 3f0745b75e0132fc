"""Filters of WebAssembly in Envoy's configuration, as they come with the project."""

from typing import Final

from mixer.envoy.part import Part, typed
from proxy_client.wasm import shipped_filters

STATS: Final = "wasmcustom."
"""What the names of all stats begin with that such filters make."""
_TEXT: Final = "type.googleapis.com/google.protobuf.StringValue"


def wasm_filter(name: str, configuration: str) -> Part:
    """The HTTP filter of that name, such as `policy_filter`; refuses requests when it fails."""
    config = {
        "name": name,
        "vm_config": {
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"filename": str(shipped_filters()[name])}},
        },
        "failure_policy": "FAIL_CLOSED",
        "configuration": {"@type": _TEXT, "value": configuration},
    }
    kind = "envoy.extensions.filters.http.wasm.v3.Wasm"
    return typed("envoy.filters.http.wasm", kind, config=config)

"""Filters of WebAssembly in Envoy's configuration."""

from mixer.envoy.part import typed

TEXT = "type.googleapis.com/google.protobuf.StringValue"


def wasm_filter(path, configuration="", vm=None, **fields):
    """The HTTP filter of the module at `path`.

    `configuration` is what its `on_configure` gets; `vm` are more fields of VmConfig, `fields` more
    of PluginConfig.
    """
    code = {"local": {"filename": str(path)}}
    config = {
        "name": path.stem.partition("-")[0],
        "vm_config": {"runtime": "envoy.wasm.runtime.v8", "code": code, **(vm or {})},
        "configuration": {"@type": TEXT, "value": configuration},
        **fields,
    }
    kind = "envoy.extensions.filters.http.wasm.v3.Wasm"
    return typed("envoy.filters.http.wasm", kind, config=config)

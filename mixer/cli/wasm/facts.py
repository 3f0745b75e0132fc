"""What `mixs wasm inspect` says of a module or an image: for programs, and for people."""

from collections.abc import Mapping
from typing import Any

from mixer.cli.screen import Screen
from mixer.wasm_image.descriptor import TITLE, digest
from mixer.wasm_image.image import Image
from mixer.wasm_image.module import PAGE_BYTES, Memory, read_module
from mixer.wasm_image.runtime_config import RuntimeConfig
from mixer.wasm_image.unpack import unpack

_KIB = 1024


def image_facts(image: Image) -> Mapping[str, Any]:
    """The facts of an image and of the module in it; raises ImageError, and as `blob` does."""
    unpacked = unpack(image)
    return {
        "variant": unpacked.variant.value,
        "digest": image.manifest.digest,
        "layers": [layer.encoded() for layer in image.manifest.layers],
        "runtime": unpacked.runtime and _runtime(unpacked.runtime),
        **module_facts(unpacked.module),
    }


def module_facts(content: bytes) -> Mapping[str, Any]:
    """The facts of a module by itself; raises ImageError if it is none."""
    module = read_module(content)
    return {
        "module": {
            "digest": digest(content),
            "size": len(content),
            "abiVersions": module.abi_versions,
            "importedFunctions": module.imported_function_count,
            "exportedFunctions": module.exported_function_count,
            "memory": module.memory and _memory(module.memory),
        }
    }


def _runtime(runtime: RuntimeConfig) -> Mapping[str, Any]:
    return {
        "type": runtime.type,
        "abiVersions": runtime.abi_versions,
        "rootIds": runtime.root_ids,
    }


def _memory(memory: Memory) -> Mapping[str, int | None]:
    maximum = memory.maximum
    return {
        "initialBytes": memory.initial * PAGE_BYTES,
        "maximumBytes": None if maximum is None else maximum * PAGE_BYTES,
    }


def show(facts: Mapping[str, Any], screen: Screen) -> None:
    """Prints facts for people."""
    if "variant" in facts:
        _show_image(facts, screen)
        screen.line()
    module = facts["module"]
    memory = module["memory"]
    screen.facts(
        "Module",
        {
            "digest": module["digest"],
            "size": f"{module['size']} bytes",
            "ABI": _list(module["abiVersions"]),
            "imported functions": str(module["importedFunctions"]),
            "exported functions": str(module["exportedFunctions"]),
            "memory": "none" if memory is None else _limits(**memory),
        },
    )


def _show_image(facts: Mapping[str, Any], screen: Screen) -> None:
    runtime = facts["runtime"] or {"type": "not said", "abiVersions": (), "rootIds": ()}
    screen.facts(
        "Image",
        {
            "variant": facts["variant"],
            "digest": facts["digest"],
            "runtime": runtime["type"],
            "ABI": _list(runtime["abiVersions"]),
            "root ids": _list(runtime["rootIds"]),
        },
    )
    screen.heading("Layers")
    screen.table(("size", "media type", "title", "digest"), [_row(x) for x in facts["layers"]])


def _row(layer: Mapping[str, Any]) -> tuple[str, str, str, str]:
    title = layer.get("annotations", {}).get(TITLE, "")
    return str(layer["size"]), layer["mediaType"], title, layer["digest"]


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none said"


def _limits(initialBytes: int, maximumBytes: int | None) -> str:  # noqa: N803 - names of the JSON
    limit = "no limit" if maximumBytes is None else f"up to {maximumBytes // _KIB} KiB"
    return f"{initialBytes // _KIB} KiB, {limit}"

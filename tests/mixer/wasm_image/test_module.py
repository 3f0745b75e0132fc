import pytest

from mixer.wasm_image.error import ImageError
from mixer.wasm_image.module import Memory, Module, abi_version, read_module
from proxy_client.wasm import shipped_filters
from tests.mixer.wasm_image.modules import (
    FILTER,
    FUNCTION,
    GLOBAL,
    HEADER,
    MEMORY,
    TABLE,
    exported,
    imported,
    module,
    section,
    vector,
)


def test_a_module_says_what_it_offers_and_needs():
    assert read_module(FILTER) == Module(
        imported_function_count=0,
        exported_function_count=2,
        abi_versions=("0.2.1",),
        memory=Memory(initial=7, maximum=1024),
    )


def test_imports_of_all_kinds_are_passed_over_and_functions_counted():
    imports = vector(
        imported(FUNCTION, b"\x05"),
        imported(TABLE, b"\x70\x00\x01"),
        imported(MEMORY, b"\x00\x02"),
        imported(GLOBAL, b"\x7f\x00"),
        imported(FUNCTION, b"\x81\x01"),
    )
    exports = vector(exported("memory", MEMORY), exported("f"))

    assert read_module(HEADER + section(2, imports) + section(7, exports)) == Module(
        imported_function_count=2,
        exported_function_count=1,
        abi_versions=(),
        memory=Memory(initial=2, maximum=None),
    )


def test_an_empty_module_is_one():
    assert read_module(HEADER) == Module(
        imported_function_count=0, exported_function_count=0, abi_versions=(), memory=None
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it does not begin"),
        (b"\x7fELF", "it does not begin"),
        (b"\0asm\x0d\0\1\0", "it does not begin"),  # a component
        (FILTER[:-1], "cut off or damaged"),
        (HEADER + b"\x07", "cut off or damaged"),
        (HEADER + b"\x07" + b"\xff" * 11, "cut off or damaged"),  # a size that does not end
        (HEADER + section(7, b"\x01\x01\xff\x00\x00"), "cut off or damaged"),  # no UTF-8
    ],
)
def test_what_is_no_module_is_told(content, reason):
    with pytest.raises(ImageError, match=f"not a WebAssembly module: .*{reason}"):
        read_module(content)


def test_a_filter_has_one_version_of_the_abi():
    assert abi_version(FILTER) == "0.2.1"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), "it has none"),
        (("proxy_abi_version_0_1_0", "proxy_abi_version_0_2_0"), "it has 0.1.0, 0.2.0"),
        (("proxy_abi_version_next",), "it has none"),
    ],
)
def test_another_module_is_no_filter(names, found):
    with pytest.raises(ImageError, match=f"no filter for Envoy: .*{found}"):
        abi_version(module(*names))


@pytest.mark.parametrize("name", shipped_filters())
def test_the_filters_that_ship_are_of_the_current_abi(name):
    content = shipped_filters()[name].read_bytes()

    assert abi_version(content) == "0.2.1"
    assert read_module(content).memory.maximum is not None

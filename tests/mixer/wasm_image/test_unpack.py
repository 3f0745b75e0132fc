import gzip
import io
import tarfile

import pytest

from mixer.wasm_image import media_type
from mixer.wasm_image.document import encode
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.image import Image
from mixer.wasm_image.pack import pack
from mixer.wasm_image.runtime_config import RuntimeConfig
from mixer.wasm_image.unpack import Unpacked, Variant, unpack
from tests.mixer.wasm_image.images import archive, image
from tests.mixer.wasm_image.modules import FILTER

CONFIG = b'{"type":"envoy_proxy","abiVersions":["v0.2.1"],"config":{"root_ids":["main"]}}'
RUNTIME = RuntimeConfig(type="envoy_proxy", abi_versions=("v0.2.1",), root_ids=("main",))
MODULE_LAYER = (media_type.WASM_MODULE, FILTER)
CONFIG_LAYER = (media_type.WASM_CONFIG, CONFIG)
TAR_GZ = archive(plugin__wasm=FILTER, runtime_config__json=b"")


def sparse(holes, size):
    """An archive with a file that is mostly holes."""
    member = tarfile.TarInfo("plugin.wasm")
    member.pax_headers = {"GNU.sparse.map": holes, "GNU.sparse.size": str(size)}
    return member.tobuf(tarfile.PAX_FORMAT) + bytes(1024)


def test_what_is_packed_can_be_unpacked():
    assert unpack(pack(FILTER, ["main"])) == Unpacked(
        variant=Variant.OCI, module=FILTER, runtime=RUNTIME
    )


def test_the_two_layers_may_stand_in_any_order():
    assert unpack(image(MODULE_LAYER, CONFIG_LAYER)).runtime == RUNTIME
    assert unpack(image(CONFIG_LAYER, MODULE_LAYER)).module == FILTER


def test_the_second_layer_may_be_of_any_kind():
    assert unpack(image(("application/json", b"{}"), MODULE_LAYER)) == Unpacked(
        variant=Variant.OCI, module=FILTER, runtime=None
    )


@pytest.mark.parametrize(
    ("variant", "manifest", "layer"),
    [
        (Variant.COMPAT_OCI, media_type.OCI_MANIFEST, media_type.OCI_LAYER),
        (Variant.COMPAT_OCI, None, media_type.OCI_LAYER),  # need not say what it is
        (Variant.COMPAT_DOCKER, media_type.DOCKER_MANIFEST, media_type.DOCKER_LAYER),
    ],
)
def test_the_last_layer_may_be_an_archive(variant, manifest, layer):
    first = (layer, archive(plugin__wasm=b"of an earlier layer"))
    last = (layer, archive(etc___plugin__wasm=FILTER, other=b"x"))

    assert unpack(image(first, last, media_type=manifest)) == Unpacked(
        variant=variant, module=FILTER, runtime=None
    )


def test_an_archive_may_have_the_configuration():
    files = archive(**{"runtime-config__json": CONFIG, "plugin__wasm": FILTER})

    assert unpack(image((media_type.OCI_LAYER, files))).runtime == RUNTIME


@pytest.mark.parametrize(
    ("layers", "manifest", "reason"),
    [
        ((), media_type.OCI_MANIFEST, "not the layers of a filter, .*: no layers"),
        # as tools for WebAssembly components make them
        ((MODULE_LAYER,), media_type.OCI_MANIFEST, "the module is the only layer; Istio takes it"),
        ((CONFIG_LAYER,), media_type.OCI_MANIFEST, "not the layers of a filter"),
        ((MODULE_LAYER, CONFIG_LAYER, CONFIG_LAYER), media_type.OCI_MANIFEST, "not the layers"),
        (
            (CONFIG_LAYER, (media_type.DOCKER_LAYER, TAR_GZ)),
            media_type.OCI_MANIFEST,
            "not the layers of a filter",
        ),
        (
            ((media_type.OCI_LAYER, TAR_GZ),),
            media_type.DOCKER_MANIFEST,
            "the last layer of a Docker image must be",
        ),
        (((media_type.OCI_LAYER, archive(x=b"")),), None, "the last layer has no plugin.wasm"),
        (((media_type.OCI_LAYER, b"not compressed"),), None, "is no archive"),
        (((media_type.OCI_LAYER, TAR_GZ[:40]),), None, "is no archive"),
        (((media_type.OCI_LAYER, gzip.compress(b"no tar")),), None, "is no archive"),
        (((media_type.OCI_LAYER, gzip.compress(sparse("none", 1))),), None, "is no archive"),
    ],
)
def test_what_istio_would_not_take_is_refused(layers, manifest, reason):
    with pytest.raises(ImageError, match=reason):
        unpack(image(*layers, media_type=manifest))


@pytest.mark.parametrize("damaged", [FILTER[:-1] + b"!", FILTER + b"\0", b""])
def test_a_blob_that_was_changed_is_refused(damaged):
    whole = pack(FILTER)
    forged = Image(
        manifest=whole.manifest,
        load=lambda wanted: damaged if wanted.size == len(FILTER) else whole.load(wanted),
    )

    with pytest.raises(ImageError, match="blob sha256:.* (is damaged|bytes instead of)"):
        unpack(forged)


def test_the_configuration_is_understood_in_both_spellings():
    old = {"type": "envoy_proxy", "abi_version": "v0-541b", "config": {"root_ids": ["a"]}}

    assert unpack(image((media_type.WASM_CONFIG, encode(old)), MODULE_LAYER)).runtime == (
        RuntimeConfig(type="envoy_proxy", abi_versions=("v0-541b",), root_ids=("a",))
    )


def test_of_a_strange_configuration_only_the_known_is_read():
    strange = {"type": 1, "abiVersions": ["v0.2.1", 2], "config": [], "more": None}

    assert unpack(image((media_type.WASM_CONFIG, encode(strange)), MODULE_LAYER)).runtime == (
        RuntimeConfig(type="", abi_versions=("v0.2.1",), root_ids=())
    )


@pytest.mark.parametrize("config", [b"", b"[]", b"\xff", b"[" * 100_000])
def test_a_configuration_that_is_none_is_refused(config):
    with pytest.raises(ImageError, match="the runtime configuration is no JSON"):
        unpack(image((media_type.WASM_CONFIG, config), MODULE_LAYER))


def test_a_file_that_says_it_is_larger_than_its_archive_is_not_read():
    layer = gzip.compress(sparse("0,0", 2**40), mtime=0)

    with pytest.raises(ImageError, match="plugin.wasm in a layer has more than 268435456 bytes"):
        unpack(image((media_type.OCI_LAYER, layer)))


def test_a_link_is_no_module():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        link = tarfile.TarInfo("plugin.wasm")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)

    with pytest.raises(ImageError, match="the last layer has no plugin.wasm"):
        unpack(image((media_type.OCI_LAYER, gzip.compress(stream.getvalue(), mtime=0))))

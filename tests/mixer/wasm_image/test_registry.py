import json
import socket
from base64 import b64encode

import pytest

from mixer.wasm_image import media_type
from mixer.wasm_image.credentials import Credentials
from mixer.wasm_image.descriptor import describe
from mixer.wasm_image.document import encode
from mixer.wasm_image.error import ImageError, RegistryError
from mixer.wasm_image.pack import pack
from mixer.wasm_image.reference import Reference
from mixer.wasm_image.registry import Access, Repository
from mixer.wasm_image.unpack import Variant, unpack
from tests.mixer.wasm_image.fake_registry import PASSWORD, USERNAME, fake_registry
from tests.mixer.wasm_image.images import archive, image
from tests.mixer.wasm_image.modules import FILTER

IMAGE = pack(FILTER)
ANN = Credentials(username=USERNAME, password=PASSWORD)
SCHEMES = ["", "basic", "bearer"]


@pytest.fixture(autouse=True)
def docker_config(tmp_path, monkeypatch):
    """A folder for what `docker login` would keep: empty, not the user's."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path / "config.json"


@pytest.fixture(params=SCHEMES, ids=lambda scheme: scheme or "open")
def registry(request):
    with fake_registry(request.param) as server:
        yield server


@pytest.fixture
def open_registry():
    with fake_registry() as server:
        yield server


def repository(server, version=":1", credentials=ANN):
    reference = Reference.parse(f"{server.address}/filter{version}")
    return Repository(reference, Access(is_plain=True, credentials=credentials))


def keep(server, kept, tag="1"):
    """Puts an image into a registry as it is."""
    server.blobs.update({descriptor.digest: content for descriptor, content in kept.blobs()})
    server.add_manifest(tag, kept.manifest.media_type, kept.manifest.content)


def test_what_is_pushed_lies_there_unchanged(registry):
    repository(registry).push(IMAGE)

    kept = (media_type.OCI_MANIFEST, IMAGE.manifest.content)
    assert registry.manifests == {"1": kept, IMAGE.manifest.digest: kept}
    assert registry.blobs == {descriptor.digest: blob for descriptor, blob in IMAGE.blobs()}


@pytest.mark.parametrize(
    "version", [":1", f"@{IMAGE.manifest.digest}", f":0@{IMAGE.manifest.digest}"]
)
def test_what_was_pushed_can_be_fetched(registry, version):
    repository(registry).push(IMAGE)

    fetched = repository(registry, version).fetch()

    assert fetched.manifest == IMAGE.manifest
    assert unpack(fetched) == unpack(IMAGE)


def test_only_the_blobs_that_are_wanted_are_downloaded(open_registry):
    keep(open_registry, IMAGE)

    unpack(repository(open_registry).fetch())

    blobs = [f"GET /v2/filter/blobs/{layer.digest}" for layer in reversed(IMAGE.manifest.layers)]
    assert open_registry.paths == ["GET /v2/", "GET /v2/filter/manifests/1", *blobs]


@pytest.mark.parametrize(
    ("variant", "manifest", "layer"),
    [
        (Variant.COMPAT_OCI, media_type.OCI_MANIFEST, media_type.OCI_LAYER),
        (Variant.COMPAT_DOCKER, media_type.DOCKER_MANIFEST, media_type.DOCKER_LAYER),
    ],
)
def test_images_of_other_tools_can_be_fetched(open_registry, variant, manifest, layer):
    keep(open_registry, image((layer, archive(plugin__wasm=FILTER)), media_type=manifest))

    unpacked = unpack(repository(open_registry).fetch())

    assert (unpacked.variant, unpacked.module) == (variant, FILTER)


def test_of_several_images_that_for_linux_on_amd64_is_fetched(open_registry):
    keep(open_registry, IMAGE, "for-amd64")
    entries = [
        {**describe(b"{}", "x").encoded(), "platform": {"os": "linux", "architecture": "arm64"}},
        describe(IMAGE.manifest.content, media_type.OCI_MANIFEST).encoded(),
    ]
    index = encode({"schemaVersion": 2, "manifests": entries})
    open_registry.add_manifest("1", media_type.OCI_INDEX, index)

    assert repository(open_registry).fetch().manifest == IMAGE.manifest


@pytest.mark.parametrize("forged", [b"!" * len(FILTER), FILTER + b"\0", FILTER[:-1]])
def test_a_blob_that_was_changed_is_refused(open_registry, forged):
    keep(open_registry, IMAGE)
    open_registry.blobs[IMAGE.manifest.layers[1].digest] = forged

    fetched = repository(open_registry).fetch()
    with pytest.raises(ImageError, match="is damaged or not genuine|bytes"):
        unpack(fetched)


def test_a_manifest_that_is_another_one_is_refused(open_registry):
    keep(open_registry, pack(FILTER, ["other"]))
    wanted = IMAGE.manifest.digest
    open_registry.manifests[wanted] = open_registry.manifests["1"]

    with pytest.raises(ImageError, match=f"@{wanted}: the registry gave sha256:"):
        repository(open_registry, f"@{wanted}").fetch()


def test_a_manifest_without_end_is_refused(open_registry):
    open_registry.add_manifest("1", media_type.OCI_MANIFEST, b" " * (4 * 1024 * 1024 + 1))

    with pytest.raises(ImageError, match="has more than 4194304 bytes"):
        repository(open_registry).fetch()


def test_what_is_not_there_is_told(registry):
    with pytest.raises(RegistryError, match=r"/filter:1: 404 not known here$"):
        repository(registry).fetch()


@pytest.mark.parametrize("scheme", ["basic", "bearer"])
@pytest.mark.parametrize("act", ["push", "fetch"])
def test_a_wrong_password_is_told_at_once(scheme, act):
    wrong = Credentials(username=USERNAME, password="wrong")
    with fake_registry(scheme) as server:
        keep(server, IMAGE)
        with pytest.raises(RegistryError, match="wants another user name or password"):
            there = repository(server, credentials=wrong)
            there.push(IMAGE) if act == "push" else there.fetch()


def test_a_registry_may_give_tokens_to_anybody():
    with fake_registry("bearer") as server:
        keep(server, IMAGE)

        assert repository(server, credentials=None).fetch().manifest == IMAGE.manifest


def test_without_a_password_one_is_asked_for():
    wanted = pytest.raises(RegistryError, match="wants another user name or password")
    with fake_registry("basic") as server, wanted:
        repository(server, credentials=None)


def test_what_docker_login_has_kept_is_used(docker_config):
    with fake_registry("basic") as server:
        keep(server, IMAGE)
        auth = b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        docker_config.write_text(json.dumps({"auths": {server.address: {"auth": auth}}}))

        assert repository(server, credentials=None).fetch().manifest == IMAGE.manifest


def test_a_registry_that_is_not_there_is_told_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = Reference.parse(f"127.0.0.1:{taken.getsockname()[1]}/filter")
        with pytest.raises(RegistryError, match=r"can't be reached: \[Errno 111\] Connection ref"):
            Repository(nowhere, Access(is_plain=True))


def test_a_registry_without_tls_is_told(open_registry):
    reference = Reference.parse(f"{open_registry.address}/filter")

    with pytest.raises(RegistryError, match="does it need --plain-http?"):
        Repository(reference, Access())

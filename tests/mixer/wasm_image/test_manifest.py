import pytest

from mixer.wasm_image.descriptor import MAX_BLOB_BYTES, Descriptor
from mixer.wasm_image.document import encode
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.manifest import choose, decode_manifest, is_index

DIGEST = "sha256:" + "0a" * 32
CONFIG = {"mediaType": "c", "digest": DIGEST, "size": 2}


def entry(number, os=None, architecture=None):
    one = {"mediaType": "m", "digest": "sha256:" + f"{number:064x}", "size": number}
    if os is None:
        return one
    return {**one, "platform": {"os": os, "architecture": architecture}}


def index(*entries):
    return encode({"schemaVersion": 2, "manifests": entries})


def test_a_manifest_is_one_of_an_image_unless_it_says_otherwise():
    found = decode_manifest(encode({"config": CONFIG, "layers": [CONFIG]}))

    assert found.media_type == "application/vnd.oci.image.manifest.v1+json"
    assert found.layers == (Descriptor(media_type="c", digest=DIGEST, size=2),)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "the manifest is no JSON object"),
        ({"config": CONFIG}, "the manifest has no layers"),
        ({"layers": []}, "the manifest's config has no descriptor"),
        ({"config": CONFIG, "layers": [1]}, "layer 1 of the manifest has no descriptor"),
        ({"mediaType": "x", "config": CONFIG, "layers": []}, "type 'x' is of no image"),
        ({"mediaType": ["x"], "config": CONFIG, "layers": []}, "is of no image"),
        # would be a path, if it were taken for a file's name
        ({"config": {**CONFIG, "digest": "sha256:../../x"}, "layers": []}, "no SHA-256"),
        ({"config": {**CONFIG, "size": MAX_BLOB_BYTES + 1}, "layers": []}, "more than"),
        ({"config": {**CONFIG, "size": -1}, "layers": []}, "of -1 bytes"),
    ],
)
def test_what_is_no_manifest_is_refused(value, reason):
    with pytest.raises(ImageError, match=reason):
        decode_manifest(encode(value))


def test_an_index_is_told_from_a_manifest():
    assert is_index(index())
    assert not is_index(encode({"config": CONFIG, "layers": []}))


@pytest.mark.parametrize(
    ("entries", "chosen"),
    [
        ((entry(1, "linux", "arm64"), entry(2, "linux", "amd64"), entry(3, "linux", "amd64")), 2),
        ((entry(1, "unknown", "unknown"), entry(2)), 2),  # one without a platform is for all
    ],
)
def test_of_several_images_that_for_linux_on_amd64_is_taken(entries, chosen):
    assert choose(index(*entries)).size == chosen


@pytest.mark.parametrize("entries", [(), (entry(1, "linux", "arm64"),), (entry(1, "x", "amd64"),)])
def test_an_index_without_such_an_image_is_refused(entries):
    with pytest.raises(ImageError, match="no image for linux/amd64"):
        choose(index(*entries))

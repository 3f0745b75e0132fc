import json
import tarfile

import pytest
from oras.layout.layout import NewLayout

from mixer.wasm_image.descriptor import describe
from mixer.wasm_image.document import encode
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.layout import files_of, read_layout, write_layout
from mixer.wasm_image.pack import pack
from mixer.wasm_image.unpack import unpack
from tests.mixer.wasm_image.modules import FILTER

IMAGE = pack(FILTER)
HEX = IMAGE.manifest.digest.removeprefix("sha256:")


@pytest.fixture(params=["image", "image.tar"])
def path(request, tmp_path):
    return tmp_path / request.param


def read_files(path):
    """All files of a folder or an archive, by their names."""
    if path.is_dir():
        files = (each for each in path.rglob("*") if each.is_file())
        return {each.relative_to(path).as_posix(): each.read_bytes() for each in files}
    with tarfile.open(path) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive}


def test_a_layout_has_an_index_and_a_file_for_each_blob(path):
    write_layout(IMAGE, path)

    files = read_files(path)
    blobs = [IMAGE.manifest.digest, *(descriptor.digest for descriptor, _ in IMAGE.blobs())]
    assert sorted(files) == sorted(
        ["index.json", "oci-layout", *(f"blobs/{each.replace(':', '/')}" for each in blobs)]
    )
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    assert json.loads(files["index.json"]) == {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": IMAGE.manifest.digest,
                "size": len(IMAGE.manifest.content),
                "annotations": {"org.opencontainers.image.ref.name": "latest"},
            }
        ],
    }
    assert files[f"blobs/sha256/{HEX}"] == IMAGE.manifest.content


def test_what_is_written_can_be_read(path):
    write_layout(IMAGE, path)

    read = read_layout(path)

    assert read.manifest == IMAGE.manifest
    assert unpack(read) == unpack(IMAGE)


def test_the_bytes_are_the_same_every_time(tmp_path):
    write_layout(IMAGE, tmp_path / "one.tar")
    write_layout(pack(FILTER), tmp_path / "other.tar")

    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "other.tar").read_bytes()


def test_another_tool_can_read_it(tmp_path):
    write_layout(IMAGE, tmp_path / "image")

    digests = [layer.digest for layer in IMAGE.manifest.layers]
    assert NewLayout(str(tmp_path / "image")).get_ordered_blobs() == [
        *digests,
        IMAGE.manifest.config.digest,
        IMAGE.manifest.digest,
    ]


def test_a_folder_that_has_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").touch()

    with pytest.raises(ImageError, match="is there, and is no empty folder"):
        write_layout(IMAGE, tmp_path)
    assert list(read_files(tmp_path)) == ["mine"]


def test_an_archive_is_replaced(tmp_path):
    path = tmp_path / "image.tar"
    path.write_bytes(b"old")

    write_layout(IMAGE, path)

    assert read_layout(path).manifest == IMAGE.manifest


def test_a_blob_that_was_changed_is_refused(tmp_path):
    write_layout(IMAGE, tmp_path / "image")
    blob = tmp_path / "image" / "blobs/sha256" / IMAGE.manifest.layers[1].digest[7:]
    blob.write_bytes(b"!" * len(FILTER))

    with pytest.raises(ImageError, match="is damaged or not genuine"):
        unpack(read_layout(tmp_path / "image"))


@pytest.mark.parametrize("name", ["oci-layout", "index.json", f"blobs/sha256/{HEX}"])
def test_a_file_that_is_missing_is_told(name, tmp_path):
    write_layout(IMAGE, tmp_path / "image")
    (tmp_path / "image" / name).unlink()

    with pytest.raises(ImageError, match=f"is no image layout: {name}: No such file"):
        read_layout(tmp_path / "image")


def index_of(files, *entries):
    return {**files, "index.json": encode({"schemaVersion": 2, "manifests": entries})}


def write_files(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_an_index_around_the_image_is_seen_through(tmp_path):
    files = files_of(IMAGE)
    inner = files["index.json"]
    nested = write_layout_of_index(tmp_path, files, inner)

    assert read_layout(nested).manifest == IMAGE.manifest


def write_layout_of_index(folder, files, inner):
    """The layout that `docker buildx build --output type=oci` makes: an index in the index."""
    entry = describe(inner, "application/vnd.oci.image.index.v1+json")
    blob = {f"blobs/{entry.digest.replace(':', '/')}": inner}
    return write_files(folder, {**index_of(files, entry.encoded()), **blob})


@pytest.mark.parametrize("count", [0, 2])
def test_a_layout_has_one_image(count, tmp_path):
    [entry] = json.loads(files_of(IMAGE)["index.json"])["manifests"]
    folder = write_files(tmp_path, index_of(files_of(IMAGE), *[entry] * count))

    with pytest.raises(ImageError, match=f"has {count} images instead of one"):
        read_layout(folder)


def test_what_is_no_archive_of_an_image_is_told(tmp_path):
    (tmp_path / "image.tar").write_bytes(b"nothing of the kind")
    with pytest.raises(ImageError, match="is no archive of an image"):
        read_layout(tmp_path / "image.tar")

    with tarfile.open(tmp_path / "empty.tar", "w"):
        pass
    with pytest.raises(ImageError, match="it has no oci-layout"):
        read_layout(tmp_path / "empty.tar")

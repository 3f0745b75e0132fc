"""Keeps an image in a folder or a tar archive, in the form of OCI's image layout.

Other tools call them `oci:FOLDER` and `oci-archive:FILE`. There are `oci-layout`, `index.json`, and
`blobs/sha256/` with a file for the manifest and for each blob.
"""

import io
import tarfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from mixer.wasm_image.descriptor import Descriptor, decode_descriptor, describe
from mixer.wasm_image.document import decode, encode
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.image import Image
from mixer.wasm_image.manifest import choose, decode_manifest, is_index
from mixer.wasm_image.media_type import OCI_INDEX

ARCHIVE_SUFFIX: Final = ".tar"
"""What the name of an archive ends with; anything else is a folder."""

_LAYOUT: Final = "oci-layout"
_INDEX: Final = "index.json"
_REF_NAME: Final = "org.opencontainers.image.ref.name"
_TAG: Final = "latest"
_MODE: Final = 0o644


def files_of(image: Image) -> Mapping[str, bytes]:
    """The files of an image's layout by their names; raises as `Image.blob` does."""
    manifest = image.manifest
    entry = describe(manifest.content, manifest.media_type).encoded()
    # Some tools look for a tag, and for this one if they are not told which.
    entry["annotations"] = {_REF_NAME: _TAG}
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
    blobs = {descriptor.digest: content for descriptor, content in image.blobs()}
    blobs[manifest.digest] = manifest.content
    return {
        _LAYOUT: encode({"imageLayoutVersion": "1.0.0"}),
        _INDEX: encode(index),
        **{_blob_name(digest): blobs[digest] for digest in sorted(blobs)},
    }


def write_layout(image: Image, path: Path) -> None:
    """Writes an image to a new or empty folder, or to an archive if the name ends with `.tar`.

    An archive that is there is replaced. Raises ImageError for a folder that has something in it,
    OSError, and as `Image.blob` does.
    """
    files = files_of(image)
    if path.suffix == ARCHIVE_SUFFIX:
        path.write_bytes(_archive(files))
        return
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ImageError(f"{path} is there, and is no empty folder")
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def read_layout(path: Path) -> Image:
    """The image in a folder or an archive.

    Raises ImageError if there is none, or more than one; also when a blob is loaded that is not
    there.
    """
    read = partial(_read_file, path) if path.is_dir() else _read_archive(path)
    decode(read(_LAYOUT), f"{path}: {_LAYOUT}")
    load = partial(_load, read)
    manifest = load(_only_image(read(_INDEX), path))
    if is_index(manifest):
        manifest = load(choose(manifest))
    return Image(manifest=decode_manifest(manifest), load=load)


def _only_image(index: bytes, path: Path) -> Descriptor:
    manifests = decode(index, f"{path}: {_INDEX}").get("manifests")
    count = len(manifests) if isinstance(manifests, list) else 0
    if not isinstance(manifests, list) or count != 1:
        raise ImageError(f"{path} has {count} images instead of one")
    return decode_descriptor(manifests[0], f"{path}: {_INDEX}")


def _blob_name(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _load(read: Callable[[str], bytes], descriptor: Descriptor) -> bytes:
    return descriptor.check(read(_blob_name(descriptor.digest)))


def _read_file(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise ImageError(f"{folder} is no image layout: {name}: {error.strerror}") from error


def _archive(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # whose time and owner are 0
            member.size, member.mode = len(content), _MODE
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def _read_archive(path: Path) -> Callable[[str], bytes]:
    try:
        with tarfile.open(path, mode="r:") as archive:
            regular = [member for member in archive if member.isreg()]
            streams = {member.name: archive.extractfile(member) for member in regular}
            files = {name.removeprefix("./"): s.read() for name, s in streams.items() if s}
    except (tarfile.TarError, OSError, ValueError) as error:
        raise ImageError(f"{path} is no archive of an image: {error}") from error

    def read(name: str) -> bytes:
        if name not in files:
            raise ImageError(f"{path} is no archive of an image: it has no {name}")
        return files[name]

    return read

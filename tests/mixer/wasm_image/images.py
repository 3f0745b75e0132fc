"""Images as others make them: of any manifest, and of archives."""

import gzip
import io
import tarfile

from mixer.wasm_image.descriptor import describe
from mixer.wasm_image.document import encode
from mixer.wasm_image.image import Image
from mixer.wasm_image.manifest import decode_manifest
from mixer.wasm_image.media_type import OCI_CONFIG, OCI_MANIFEST


def image(*layers, media_type=OCI_MANIFEST):
    """An image of layers, each a media type and a content."""
    blobs = {describe(content, "").digest: content for _, content in (*layers, ("", b"{}"))}
    manifest = {
        "schemaVersion": 2,
        "config": describe(b"{}", OCI_CONFIG).encoded(),
        "layers": [describe(content, kind).encoded() for kind, content in layers],
    }
    if media_type:
        manifest["mediaType"] = media_type
    return Image(
        manifest=decode_manifest(encode(manifest)), load=lambda wanted: blobs[wanted.digest]
    )


def archive(**files):
    """A compressed archive; a name's `__` is a dot, its `___` a slash."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("___", "/").replace("__", "."))
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=0)

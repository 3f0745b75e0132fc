"""An image, wherever it lies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mixer.wasm_image.descriptor import Descriptor
from mixer.wasm_image.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A manifest, and a way to get at what it names."""

    manifest: Manifest
    load: Callable[[Descriptor], bytes]
    """Gives the content of a blob, unchecked; raises what its place has for errors."""

    def blob(self, descriptor: Descriptor) -> bytes:
        """The content of a blob; raises ImageError if it is another one, and what `load` raises."""
        return descriptor.check(self.load(descriptor))

    def blobs(self) -> Iterator[tuple[Descriptor, bytes]]:
        """All blobs that the manifest names, each once; raises as `blob` does."""
        named = (self.manifest.config, *self.manifest.layers)
        for descriptor in {one.digest: one for one in named}.values():
            yield descriptor, self.blob(descriptor)

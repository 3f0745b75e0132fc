"""Names of images: REGISTRY/NAME:TAG, or REGISTRY/NAME@DIGEST."""

import re
from dataclasses import dataclass
from typing import Final, Self

from mixer.wasm_image.error import ImageError

SCHEME: Final = "oci://"
"""What Istio wants before a name; here it may be left out."""

_DEFAULT_TAG: Final = "latest"
_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_FORM: Final = re.compile(
    rf"(?P<registry>localhost(?::\d+)?|[\w-]+(?=[.:])[\w.-]*(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?)"
    rf"/(?P<name>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The name of one image in one registry."""

    registry: str
    """Host, with a port if it is not the usual one."""
    name: str
    """Of what a registry calls a repository; may have slashes."""
    tag: str
    digest: str = ""
    """If there is one, it says which image; then the tag says nothing."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ImageError; unlike Docker's names, ours always say which registry."""
        found = _FORM.fullmatch(text.removeprefix(SCHEME))
        if found is None:
            raise ImageError(f"{text!r} is no name of an image: REGISTRY/NAME:TAG")
        return cls(
            registry=found["registry"],
            name=found["name"],
            tag=found["tag"] or _DEFAULT_TAG,
            digest=found["digest"] or "",
        )

    @property
    def version(self) -> str:
        """The digest, or else the tag."""
        return self.digest or self.tag

    def __str__(self) -> str:
        return f"{self.registry}/{self.name}" + (
            f"@{self.digest}" if self.digest else f":{self.tag}"
        )

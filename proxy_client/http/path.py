"""Paths that a server has decoded → paths as a request has them."""

from typing import Final
from urllib.parse import quote

_SAFE: Final = "/:@!$&'()*+,;="  # besides letters, digits and `-._~` (RFC 3986, 3.3)


def encoded_path(path: str | bytes) -> str:
    """The one encoding of a path that encodes nothing without need."""
    return quote(path, safe=_SAFE)

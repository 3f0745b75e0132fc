"""JSON documents that others wrote: read with care, written the same for the same value."""

import json
from typing import Any

from mixer.wasm_image.error import ImageError


def encode(value: object) -> bytes:
    """The value as JSON: keys in the order that they have, no spaces, one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def decode(content: bytes, what: str) -> dict[str, Any]:
    """The object that `content` is; raises ImageError, which calls it `what`, if it is none."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ImageError(f"{what} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ImageError(f"{what} is no JSON object")
    return value


def texts(value: object) -> tuple[str, ...]:
    """Those of a list that are text; nothing if it is no list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def text_map(value: object) -> dict[str, str]:
    """Those entries of an object that are text; none if it is no object."""
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}

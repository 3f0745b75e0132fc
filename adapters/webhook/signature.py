"""The headers by which a service knows who asks."""

import hashlib
import hmac
from typing import Final

TIMESTAMP: Final = "X-Mixer-Timestamp"
"""Seconds since 1970, so that an old call can be told from a new one."""
SIGNATURE: Final = "X-Mixer-Signature"
"""`sha256=` and the HMAC, in hex, of the timestamp, a dot, and the body."""


def signature_headers(key: str, now_ns: int, body: bytes) -> dict[str, str]:
    """Both headers for this body."""
    timestamp = str(now_ns // 1_000_000_000)
    digest = hmac.digest(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return {TIMESTAMP: timestamp, SIGNATURE: f"sha256={digest.hex()}"}

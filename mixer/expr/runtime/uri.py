"""URIs: the very permissive syntax of Go's `net/url`, and equality after some normalisation.

Behaviour: istio 1.4 `mixer/pkg/lang/externs.go` (`uri`, `uri_equal`), Go `net/url`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from mixer.errors import EvaluationError
from mixer.expr.runtime.dns_name import dns_name_equal

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9a-fA-F]{2}).{0,2}", re.DOTALL)
_BAD_USER: Final = re.compile(r"[^A-Za-z0-9\-._:~!$&'()*+,;=%@]")
_BAD_HOST: Final = re.compile(r'[^A-Za-z0-9\-._~!$&\'()*+,;=:\[\]<>"%\x80-\U0010ffff]')
_BAD_HOST_ESCAPE: Final = re.compile(r"%(?!25)[0-7].")
_PORT: Final = re.compile(r"(?::[0-9]*)?")
_PATH_SAFE: Final = "/-._~$&+,=:@;"
_RAW_PATH: Final = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@\[\]/]|%[0-9a-fA-F]{2})*")
_FRAGMENT_SAFE: Final = "/-._~$&+,=:@?!()*;"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Uri:
    scheme: str
    """In lower case."""
    host: str | None
    """Without port, brackets taken off; None when there is no `//`."""
    port: str
    rest: str
    """User, path, query and fragment, in the form in which they are compared."""


def uri(text: str) -> str:
    """The text as it is; raises EvaluationError when it can't be a URI."""
    if not text:
        raise EvaluationError("error converting string to uri: empty string")
    _parse(text)
    return text


def uri_equal(a: str, b: str) -> bool:
    """Whether two URIs are the same, web hosts by DNS equality, ports as written.

    Raises EvaluationError when one is none, or its host is no DNS name.
    """
    one, other = _parse(a), _parse(b)
    if one.scheme != other.scheme:
        return False
    if one.scheme in {"http", "https"}:
        return (
            dns_name_equal(one.host or "", other.host or "")
            and (one.host is None) == (other.host is None)
            and (one.port, one.rest) == (other.port, other.rest)
        )
    return one == other


@lru_cache(maxsize=1024)
def _parse(text: str) -> _Uri:
    try:
        return _split(text)
    except ValueError as error:
        reason = f'parse "{text}": {error}'
        raise EvaluationError(f"error converting string to uri '{text}': '{reason}'") from error


def _split(text: str) -> _Uri:
    if _CONTROL.search(text):
        raise ValueError("net/url: invalid control character in URL")
    body, _, fragment = text.partition("#")
    if body.startswith(":"):
        raise ValueError("missing protocol scheme")
    found = _SCHEME.fullmatch(body)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", body)
    rest, mark, query = rest.partition("?")
    tail = mark + query + ("#" + _normal(fragment, _FRAGMENT_SAFE) if fragment else "")
    if scheme and not rest.startswith("/"):
        return _Uri(scheme=scheme, host=None, port="", rest=rest + tail)
    if ":" in rest.partition("/")[0]:
        raise ValueError("first path segment in URL cannot contain colon")
    if not rest.startswith("//") or (not scheme and rest.startswith("///")):
        return _Uri(scheme=scheme, host=None, port="", rest=_path(rest) + tail)
    authority, slash, path = rest[2:].partition("/")
    user, host, port = _authority(authority)
    return _Uri(scheme=scheme, host=host, port=port, rest=user + _path(slash + path) + tail)


def _authority(authority: str) -> tuple[str, str, str]:
    """User with its `@`, host, port."""
    user, at, address = authority.rpartition("@")
    if _BAD_USER.search(user):
        raise ValueError("net/url: invalid userinfo")
    _check_escapes(authority)
    if address.startswith("["):
        end = address.rfind("]") + 1
        if not end:
            raise ValueError("missing ']' in host")
    else:
        end = address.rfind(":") if ":" in address else len(address)
    host, port = address[:end], address[end:]
    if not _PORT.fullmatch(port):
        raise ValueError(f'invalid port "{port}" after host')
    bad = _BAD_HOST_ESCAPE.search(host)
    if bad:
        raise ValueError(f'invalid URL escape "{bad[0]}"')
    bad = _BAD_HOST.search(host)
    if bad:
        raise ValueError(f'invalid character "{bad[0]}" in host name')
    return user + at, host.removeprefix("[").removesuffix("]"), port[1:]


def _path(path: str) -> str:
    """The path as Go writes it: unchanged when properly escaped, else escaped anew."""
    _check_escapes(path)
    return path if _RAW_PATH.fullmatch(path) else _normal(path, _PATH_SAFE)


def _normal(part: str, safe: str) -> str:
    _check_escapes(part)
    return quote(unquote_to_bytes(part), safe=safe)


def _check_escapes(part: str) -> None:
    bad = _BAD_ESCAPE.search(part)
    if bad:
        raise ValueError(f'invalid URL escape "{bad[0]}"')

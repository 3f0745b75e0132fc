"""How denials are said in HTTP; the same as `mixer.api.ext_authz_v3` has Envoy say."""

import re
from collections.abc import Iterable
from typing import Final

from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange
from mixer.status import Code, code_name, denial_http_status, http_status

REFUSED: Final = int(Code.PERMISSION_DENIED)
"""The code of a value that a list refuses."""
INVALID: Final = int(Code.INVALID_ARGUMENT)
"""The code of a value that can't be in a list."""
EXHAUSTED: Final = int(Code.RESOURCE_EXHAUSTED)
"""The code of a quota that refuses."""
UNDECIDED_STATUS: Final = 500
UNDECIDED_BODY: Final = "INTERNAL:the policy can't be decided"
"""The answer to a request on which the policy can't decide."""

_SENDABLE: Final = range(200, 600)
_LINE_ENDS: Final = re.compile(r"[\0\r\n]")


def statuses(codes: Iterable[int]) -> list[tuple[int, str, int]]:
    """Each code with its name and its HTTP status."""
    return [(code, code_name(code), denial_http_status(code)) for code in sorted(codes)]


def sendable_status(status: int) -> int:
    """The status, or 500 for one that would not end the request."""
    return status if status in _SENDABLE else http_status(Code.UNKNOWN)


def one_line(value: str) -> str:
    """A header's value without line ends, by which a client could smuggle in another header."""
    return _LINE_ENDS.sub(" ", value)


def header_lines(changes: Iterable[HeaderChange]) -> list[tuple[str, str]]:
    """The lines that these changes make of no headers."""
    lines: dict[str, list[str]] = {}
    for change in changes:
        name = change.name.lower()
        before = lines.get(name, []) if change.operation is Operation.APPEND else []
        lines[name] = [*before, one_line(change.value)]
    return [(name, value) for name, values in lines.items() for value in values]

"""What an interpreter says of a request, as test vectors have it."""

from typing import NotRequired, TypedDict

from mixer.export.denial import UNDECIDED_BODY, UNDECIDED_STATUS
from mixer.status import Code

Change = tuple[str, str, str]
"""`set`, `add` or `remove`; the header; its value."""
Taken = tuple[str, str, int]
"""The id of a limit, the key of a cell, and how much."""


class Verdict(TypedDict):
    """What becomes of a request."""

    allowed: bool
    failed: NotRequired[bool]
    """True if the policy could not be decided."""
    code: NotRequired[int]
    """This and what follows of requests that are denied."""
    status: NotRequired[int]
    body: NotRequired[str]
    headers: NotRequired[list[tuple[str, str]]]
    request_headers: NotRequired[list[Change]]
    """This and what follows of requests that may pass."""
    response_headers: NotRequired[list[Change]]
    taken: list[Taken]


def undecided(*, is_allowed: bool) -> Verdict:
    """The verdict of a policy that can't be decided."""
    if is_allowed:
        return Verdict(allowed=True, failed=True, request_headers=[], response_headers=[], taken=[])
    return Verdict(
        allowed=False,
        failed=True,
        code=Code.INTERNAL,
        status=UNDECIDED_STATUS,
        body=UNDECIDED_BODY,
        headers=[],
        taken=[],
    )

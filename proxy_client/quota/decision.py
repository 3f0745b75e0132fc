"""What is decided about the quotas of one request, now or by Mixer's answer."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from mixer.status import OK, Code, Status
from protos.mixer.v1.mixer_pb2 import CheckResponse
from proxy_client.quota.charge import QuotaCharge, QuotaRequest

Results = Mapping[str, CheckResponse.QuotaResult]
"""What Mixer said about quotas, by name."""


class QuotaDecision(Protocol):
    """What became of the quotas of one request.

    When there are `requests`, they are to be sent, and then exactly one of `answered` and
    `policy_denied` is to be called; more calls change nothing. From any thread.
    """

    @property
    def is_decided(self) -> bool:
        """Whether `status` is final; if not, it is `answered` that tells."""

    @property
    def status(self) -> Status:
        """OK, or RESOURCE_EXHAUSTED; OK too while it is not decided."""

    @property
    def requests(self) -> tuple[QuotaRequest, ...]:
        """What is to be asked of Mixer, whether or not anybody waits for it."""

    def answered(self, results: Results | None) -> Status:
        """Takes Mixer's answer, None if there was none, and tells the final status."""

    def policy_denied(self) -> Status:
        """Takes an answer that denied the request for other reasons, and so left quotas out."""


class Decided:
    """A decision that nobody needs to be asked about."""

    __slots__ = ("status",)

    is_decided: Final = True
    requests: Final[tuple[QuotaRequest, ...]] = ()

    def __init__(self, status: Status) -> None:
        self.status = status

    def answered(self, results: Results | None) -> Status:  # noqa: ARG002 - it asked nothing
        """The status, as it was."""
        return self.status

    def policy_denied(self) -> Status:
        """The status, as it was."""
        return self.status


class LeftToMixer:
    """A decision that is Mixer's: it charges exactly what this request takes.

    For requests whose policy is unknown: tokens that were taken from a pool, or granted to one,
    would be paid for a request that may be denied.
    """

    __slots__ = ("requests",)

    is_decided: Final = False
    status: Final = OK

    def __init__(self, charges: Iterable[QuotaCharge]) -> None:
        self.requests = tuple(
            QuotaRequest(charge.name, charge.amount, best_effort=False) for charge in charges
        )

    def answered(self, results: Results | None) -> Status:
        """RESOURCE_EXHAUSTED if Mixer refused one: no answer, or none for a quota, refuses none."""
        found = results or {}
        return exhausted(
            asked.name
            for asked in self.requests
            if asked.name in found and _is_refused(found[asked.name])
        )

    def policy_denied(self) -> Status:
        """OK: Mixer charged nothing."""
        return OK


PASSED: Final = Decided(OK)
"""All quotas were there, or none was needed."""


def exhausted(names: Iterable[str]) -> Status:
    """The status when these quotas are used up; OK for none."""
    text = ",".join(names)
    if not text:
        return OK
    return Status(code=Code.RESOURCE_EXHAUSTED, message=f"Quota is exhausted for: {text}")


def _is_refused(result: CheckResponse.QuotaResult) -> bool:
    """A quota that Mixer could not look at is not refused."""
    return result.granted_amount <= 0 and result.status.code != Code.UNAVAILABLE

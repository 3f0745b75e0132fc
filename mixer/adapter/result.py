"""What handlers are asked and what they return; NamedTuples, because they are made per request."""

from typing import NamedTuple

from mixer.status import OK, Status


def fits_int32(number: int) -> bool:
    """Whether the wire can carry the number as a use count or a status code."""
    return -(1 << 31) <= number < 1 << 31


class CheckResult(NamedTuple):
    """One handler's answer to one instance of a CHECK template."""

    status: Status = OK
    valid_duration_s: float = 0.0
    """How long a client may use the answer again, in seconds."""
    valid_use_count: int = 0
    """How often a client may use the answer again."""

    @property
    def is_default(self) -> bool:
        """Whether the answer says nothing: OK, and nothing about its use.

        The dispatcher treats it as no answer (istio 1.4 `CheckResult.IsDefault`).
        """
        return self.status.code == 0 and not self.valid_duration_s and not self.valid_use_count


class QuotaLimit(NamedTuple):
    """A limit that the caller gives, in place of the one that is configured."""

    max_amount: int
    """How much may be in use at once; not negative."""
    window_s: float
    """After so many seconds an amount is no longer in use; 0 for when it is given back."""


class QuotaState(NamedTuple):
    """How things stand with the limit that a call was counted against, after that call."""

    max_amount: int
    window_s: float
    """As in `QuotaLimit`."""
    remaining: int
    """How much is left."""
    reset_s: float
    """After so many seconds the whole amount is to be had again, if nothing more is used; 0 when
    it is to be had now, or comes back only when it is given back."""


class QuotaArgs(NamedTuple):
    """What is asked of a QUOTA handler, beside the instance."""

    deduplication_id: str
    """Calls with an equal id are one call, retried; with the empty id, each is a call of its own.
    """
    amount: int
    """How much is wanted; negative gives back."""
    best_effort: bool
    """Whether to grant what is left when it is less than `amount`."""
    limit: QuotaLimit | None = None
    """What to count against, in cells of its own; None for what is configured."""
    wants_state: bool = False
    """Whether the answer should have a `QuotaState`; amount 0 is then a look without taking."""


class QuotaResult(NamedTuple):
    """One handler's answer to one instance of a QUOTA template."""

    amount: int = 0
    """How much is granted."""
    valid_duration_s: float = 0.0
    """How long the grant lasts, in seconds; 0 without end."""
    status: Status = OK
    state: QuotaState | None = None
    """None when it was not asked for, or the handler has none to tell."""

    @property
    def is_default(self) -> bool:
        """Whether the answer is OK, 0 and 0: a refusal that any other answer overrides."""
        return self.status.code == 0 and not self.amount and not self.valid_duration_s

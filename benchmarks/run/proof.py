"""Whether an arm has done its work: what it has counted, and what it has answered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Final

from benchmarks.arm import Claim
from benchmarks.cell import Cell, Measured
from benchmarks.load.requests import drawn_kinds
from benchmarks.scenario import RequestKind

_PASSED = 200


NO_PROOF: Final = "no proof: "
"""How the rejection of what proves nothing begins."""


class ProofError(Exception):
    """An arm has not done what it should have; the text says what, with the numbers."""


def failed_claims(claims: Sequence[Claim]) -> Iterator[str]:
    """What does not hold, in words; an arm that claims nothing proves nothing."""
    if not claims:
        yield "no claim was made, so nothing is proved"
    for claim in claims:
        if not claim.holds:
            yield f"{claim.what}: counted {claim.counted:,}, must be {_wanted(claim)}"


def expected_statuses(
    kinds: Sequence[RequestKind], seed: int, count: int, *, has_policy: bool
) -> Mapping[int, int] | None:
    """How many of the first `count` requests get each status; None if that can't be known."""
    if not has_policy:
        return {_PASSED: count}
    expected: Counter[int] = Counter()
    for number, kind_count in Counter(islice(cycle(drawn_kinds(kinds, seed)), count)).items():
        status = kinds[number].status
        if status is None:
            return None
        expected[status] += kind_count
    return expected


def different_statuses(expected: Mapping[int, int], got: Mapping[int, int]) -> str | None:
    """What differs, in words; None if nothing does."""
    if dict(expected) == dict(got):
        return None
    return f"answers by status: {_listed(got)}, must be {_listed(expected)}"


class Verdicts:
    """Compares the verdicts of arms on the same requests, as far as nobody knows them before."""

    def __init__(self) -> None:
        self._firsts: dict[tuple[Cell, int], Measured] = {}

    def add(self, measured: Measured) -> str | None:
        """What differs from the first arm in the same cell and repetition; None if nothing does.

        Takes only what is in use, of arms that have a policy, and not of saturation, where each
        arm gets another number of requests.
        """
        first = self._firsts.setdefault((measured.cell, measured.repetition), measured)
        different = different_statuses(first.by_status, measured.by_status)
        return f"{different} as in {first.arm}" if different else None


def _wanted(claim: Claim) -> str:
    if claim.least == claim.most:
        return f"{claim.least:,}"
    return f"{claim.least:,} to {claim.most:,}"


def _listed(by_status: Mapping[int, int]) -> str:
    return ", ".join(f"{count:,} × {status}" for status, count in sorted(by_status.items()))

"""Plays a random sequence of events on both sides."""

from random import Random

from tests.proxy_client.wasm.twin.random_answers import FAILURES, RandomMixer
from tests.proxy_client.wasm.twin.random_requests import random_request, random_response, traced
from tests.proxy_client.wasm.twin.random_settings import random_settings
from tests.proxy_client.wasm.twin.requests import HELD, Failure
from tests.proxy_client.wasm.twin.side import ReportFailure
from tests.proxy_client.wasm.twin.twins import MakeSide, Twins

# Multiples of 1/64 s, which seconds in floating point and nanoseconds tell apart alike.
_STEPS_S = (0.015625, 0.0625, 0.25, 0.5, 1.0, 2.0, 10.0, 28.0, 55.0, 61.0, 550.0, 601.0)
_STEP_WEIGHTS = (20, 20, 10, 10, 10, 5, 3, 1, 1, 1, 1, 1)
_KINDS = 12
_END = Failure(13, "the end")


class Play:
    """One sequence of events, the same for the same seed."""

    def __init__(self, seed: int, make_side: MakeSide) -> None:
        self._rng = Random(seed)
        settings = random_settings(self._rng)
        self._mixer = RandomMixer(self._rng)
        self.twins = Twins(make_side, settings, report_failure(seed))
        requests = [random_request(self._rng) for _ in range(_KINDS)]
        self._requests = requests + [traced(self._rng, request) for request in requests[:2]]

    def run(self, count: int) -> None:
        """Lets so many things happen, then all end; raises AssertionError where sides differ."""
        steps = (self._arrive, self._answer, self._end, self._pass_time, self._give_up, self._early)
        for _ in range(count):
            (step,) = self._rng.choices(steps, (40, 35, 15, 15, 1, 1))
            step()
        self._finish()

    def _arrive(self) -> None:
        self.twins.arrive(self._rng.choice(self._requests))

    def _answer(self) -> None:
        waiting = self.twins.waiting
        if waiting:
            place = self._rng.randrange(min(len(waiting), 3))
            self.twins.answer(self._mixer.answer(waiting[place]), place)

    def _end(self) -> None:
        number = self._some_live(is_held=False)
        if number is not None:
            self.twins.end(number, random_response(self._rng))

    def _give_up(self) -> None:
        number = self._some_live(is_held=True)
        if number is not None:
            self.twins.give_up(number)

    def _early(self) -> None:
        self.twins.answered_early(self._rng.choice(self._requests), random_response(self._rng))

    def _pass_time(self) -> None:
        (seconds,) = self._rng.choices(_STEPS_S, _STEP_WEIGHTS)
        self.twins.advance(seconds)

    def _some_live(self, *, is_held: bool) -> int | None:
        outcome = self.twins.outcome
        found = [n for n in sorted(self.twins.live) if (outcome(n) == HELD) == is_held]
        return self._rng.choice(found) if found else None

    def _finish(self) -> None:
        """Calls fail until nothing is tried again, requests are over, reports are sent."""
        while self._some_live(is_held=True) or self.twins.waiting:
            if self.twins.waiting:
                self.twins.answer(_END)
            else:
                self.twins.advance(2.0)
        while (number := self._some_live(is_held=False)) is not None:
            self.twins.end(number, random_response(self._rng))
        if self._rng.random() < 0.5:
            self.twins.advance(5.0)
        self.twins.shut_down()


def report_failure(seed: int) -> ReportFailure:
    """What becomes of each Report: most are answered."""
    # Refused for their words: the library sends such Reports again, the filter does not.
    failures = FAILURES[:-2]

    def outcome(number: int) -> Failure | None:
        rng = Random(f"{seed} {number}")
        return rng.choice(failures) if rng.random() < 0.1 else None

    return outcome

"""What `python -m benchmarks run` was told."""

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.run.plan import QUICK, Choice, Plan
from benchmarks.run.sweeps import SWEEPS
from benchmarks.scenarios import FACTORIES

_QUICK_SCENARIOS = ("telemetry", "access")
"""One with everything, and one for arms that refuse that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of the command; None and () for what was not said."""

    scenario: tuple[str, ...] = ()
    arm: tuple[str, ...] = ()
    sweep: tuple[str, ...] = ()
    rate: float | None = None
    connections: int | None = None
    protocol: str | None = None
    pacing: str | None = None
    repetitions: int | None = None
    duration: float | None = None
    config: Path | None = None
    requests: Path | None = None
    seed: int
    output: Path
    quick: bool = False

    def scenario_names(self) -> tuple[str, ...]:
        """Of the scenarios that come with the project, in the order of their importance."""
        if self.scenario or self.config:
            return self.scenario
        return _QUICK_SCENARIOS if self.quick else tuple(FACTORIES)

    def choice(self) -> Choice:
        """What is to be measured."""
        said = {
            "rate_per_s": self.rate,
            "connections": self.connections,
            "protocol": self.protocol,
            "pacing": self.pacing,
            "repetition_count": self.repetitions,
            "duration_s": self.duration,
            # In the order of the list, whatever the order of options.
            "sweeps": tuple(name for name in SWEEPS if name in self.sweep) or None,
        }
        changes = {name: value for name, value in said.items() if value is not None}
        return replace(QUICK if self.quick else Choice(), **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a run was told, and what came of that: all that it takes to go on with it."""

    options: RunOptions
    plan: Plan

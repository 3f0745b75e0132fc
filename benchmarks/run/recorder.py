"""Writes a run down while it goes on, so that one that is cut short can be reported, too."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.cell import Measured, RunFacts
from benchmarks.run.order import Step
from benchmarks.run.store import write_facts, write_measured


class Recorder:
    """The folder of a run that is going on."""

    def __init__(self, folder: Path, facts: RunFacts, elapsed_s: Callable[[], float]) -> None:
        """`facts` are those known at the start; `elapsed_s` is how long the run has lasted.

        Of a run that is resumed, the facts have the order up to now, and the time with it.
        """
        self.folder = folder
        self.measured_count = len(facts.order)
        """How much is in the folder."""
        self._facts = facts
        self._elapsed_s = elapsed_s
        write_facts(folder, facts)

    def add(self, step: Step, measured: Measured) -> None:
        """Writes what was just measured."""
        write_measured(self.folder, measured)
        self.measured_count += 1
        order = (*self._facts.order, step.name)
        self._facts = replace(self._facts, order=order, elapsed_s=self._elapsed_s())
        write_facts(self.folder, self._facts)

"""What the page knows of a chart: how it is drawn, and all that is said about it in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from benchmarks.page.pen import Pen


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers or facts in rows."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    """The first of each is what the row is about."""
    arms: Sequence[str] = ()
    """The arm that each row is about, for its colour; empty if rows are about something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart, with its words and numbers."""

    name: str
    """Of its file, and of its place in the page."""
    title: str
    subtitle: str
    """What was measured: the cell."""
    reading: str
    """How to read it."""
    draw: Callable[[Pen], Figure] | None
    """None if there is nothing to be drawn."""
    tables: Sequence[Table]
    """The same in numbers."""
    missing: Sequence[str]
    """What is not in it, and why."""
    sentences: Sequence[str] = ()
    """What it says, as far as the data carries it."""

    @property
    def description(self) -> str:
        """For those who can't see it."""
        return f"{self.title}. {self.subtitle}. {self.reading} The numbers are in the table below."

"""Shows how far a run is: a bar on a terminal, a line for each measurement elsewhere.

The bar moves between measurements only: nothing but what is measured runs meanwhile.
"""

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from benchmarks.run.estimate import in_words


class Display(Protocol):
    """Where it is shown how far a run is."""

    def begins(self, what: str, left_s: float) -> None:
        """A measurement begins; from here on the run takes so much longer."""

    def ended(self, outcome: str) -> None:
        """It has ended."""


class Bar:
    """A bar on a terminal, else lines; all of it on standard error."""

    def __init__(self, total: int, done: int = 0, console: Console | None = None) -> None:
        """`total` is the number of measurements, and `done` of those that a resumed run has."""
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._total = total
        self._done = done
        self._what = ""
        self._left_s = 0.0
        self._bar = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]} left"),
            TextColumn("{task.description}"),
            console=self._console,
            auto_refresh=False,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID = self._bar.add_task("", total=total, completed=done, left="")

    def begins(self, what: str, left_s: float) -> None:
        """Names what is measured now."""
        self._what, self._left_s = what, left_s
        self._bar.update(self._task, description=what, left=in_words(left_s), refresh=True)

    def ended(self, outcome: str) -> None:
        """Moves the bar, or prints the line."""
        self._done += 1
        self._bar.update(self._task, advance=1, refresh=True)
        if not self._console.is_terminal:
            number = f"{self._done:{len(str(self._total))}}/{self._total}"
            left = in_words(self._left_s)
            self._console.print(f"{number}  {self._what}: {outcome}  ({left} left)", markup=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

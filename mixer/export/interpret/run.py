"""One run of a program's code over one request."""

from collections.abc import Iterable

from mixer.export.interpret.machine import CodeFailedError, Machine, Value
from mixer.export.interpret.request import Attributes
from mixer.export.pool import ALWAYS


class Run:
    """Gives the values of code for one request."""

    def __init__(self, machine: Machine, attributes: Attributes) -> None:
        self._machine = machine
        self._attributes = attributes

    def value(self, code: int) -> Value:
        """The value of that code; raises CodeFailedError."""
        return self._machine.run(code, self._attributes.read)

    def text(self, code: int) -> str:
        """The text that code gives; empty where there is none. Raises CodeFailedError."""
        return "" if code == ALWAYS else str(self.value(code))

    def holds(self, match: int) -> bool:
        """Whether a match holds; one that fails does not."""
        try:
            return match == ALWAYS or bool(self.value(match))
        except CodeFailedError:
            return False

    def evaluate(self, codes: Iterable[int]) -> None:
        """Runs code whose values nobody wants; raises CodeFailedError."""
        for code in codes:
            self.value(code)

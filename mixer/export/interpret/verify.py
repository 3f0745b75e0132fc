"""Tests a program before it is run: the reference for what is refused, and why.

The form of the file is a matter of its reader; this is about what its parts say of each other.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NoReturn

from mixer.export.denial import EXHAUSTED, INVALID, REFUSED
from mixer.export.interpret.types import Type, agreed, of_kind, of_source
from mixer.export.interpret.verify_code import verify_code
from mixer.export.pool import ALWAYS
from mixer.export.program import (
    VERSION,
    Action,
    Answer,
    HeaderChange,
    Log,
    Metric,
    Program,
    Quota,
    Take,
)


def verify(program: Program) -> None:
    """Raises ValueError with the first thing that is wrong with a program."""
    if program["version"] != VERSION:
        raise ValueError("unknown version")
    _Verifier(program).verify()


class _Verifier:
    def __init__(self, program: Program) -> None:
        self._it = program
        self._statuses: Final = {code for code, _, _ in program["statuses"]}
        self._types: list[Type] = []
        """Of the value of each code."""

    def verify(self) -> None:
        for number, (_name, *source) in enumerate(self._it["attributes"]):
            self._source(number, source)
        for number, code in enumerate(self._it["code"]):
            try:
                self._types.append(verify_code(self._it, code))
            except ValueError as error:
                raise ValueError(f"code {number}: {error}") from error
        rows = self._it["lower"]
        for number, (before, row) in enumerate(pairwise(rows), 1):
            if row[0] <= before[1]:
                _refuse("lower", number, "not in order")
        for entries in self._it["lists"]:
            if entries["kind"] == "patterns":
                _exists("automata", entries["automaton"], self._it["automata"])
        self._actions()

    def _source(self, number: int, source: Sequence[object]) -> None:
        name, *arguments = source
        if name == "constant":
            _exists("constants", int(str(arguments[0])), self._it["constants"])
        for other in arguments if name == "first" else ():
            assert isinstance(other, list)
            if other[0] == "first":
                _refuse("attributes", number, "first in first")
            self._source(number, other)
        if name == "first" and of_source(self._it, source) is None:
            _refuse("attributes", number, "sources of several types")

    def _actions(self) -> None:
        for rule in self._it["check"]:
            self._maybe(rule["match"], Type.BOOL)
            for action in rule["actions"]:
                self._action(action)
        for headers in self._it["headers"]:
            self._maybe(headers["match"], Type.BOOL)
            self._changes([*headers["request"], *headers["response"]])
        for quota in self._it["quotas"]:
            self._quota(quota)
        for metric in self._it["metrics"]:
            self._metric(metric)
        for log in self._it["logs"]:
            self._log(log)

    def _action(self, action: Action) -> None:
        if action["do"] != "list":
            self._codes(action["evaluate"], Type.ANY)
            if action["do"] == "deny":
                self._status(action["code"])
            return
        self._code(action["value"], of_kind(action["type"]))
        _exists("lists", action["list"], self._it["lists"])
        self._status(REFUSED)
        is_of_addresses = self._it["lists"][action["list"]]["kind"] == "addresses"
        if is_of_addresses and of_kind(action["type"]) is Type.TEXT:
            self._status(INVALID)

    def _changes(self, changes: Iterable[HeaderChange]) -> None:
        for _, _, code in changes:
            self._maybe(code, Type.TEXT)

    def _quota(self, quota: Quota) -> None:
        self._status(EXHAUSTED)
        for limit in quota["limits"]:
            self._limit(limit)

    def _limit(self, limit: Take | Answer) -> None:
        self._maybe(limit["match"], Type.BOOL)
        if limit["do"] != "take":
            self._codes(limit["evaluate"], Type.ANY)
            return
        self._codes(limit["dimensions"], Type.TEXT)
        _exists("limits", limit["limit"], self._it["limits"])
        for override in limit["overrides"]:
            _exists("limits", override["limit"], self._it["limits"])
            for place, _texts in override["where"]:
                _exists("dimensions", place, limit["dimensions"])

    def _metric(self, metric: Metric) -> None:
        self._maybe(metric["match"], Type.BOOL)
        self._code(metric["value"], Type.NUMBER)
        for _label, code in metric["labels"]:
            self._maybe(code, Type.TEXT)

    def _log(self, log: Log) -> None:
        self._maybe(log["match"], Type.BOOL)
        for code in (log["severity"], log["time"], *(code for _, code, _ in log["fields"])):
            self._maybe(code, Type.TEXT)

    def _maybe(self, number: int, wanted: Type) -> None:
        if number != ALWAYS:
            self._code(number, wanted)

    def _codes(self, numbers: Iterable[int], wanted: Type) -> None:
        for number in numbers:
            self._code(number, wanted)

    def _code(self, number: int, wanted: Type) -> None:
        _exists("code", number, self._types)
        if agreed(wanted, self._types[number]) is None:
            _refuse("code", number, f"{self._types[number]} where {wanted} is needed")

    def _status(self, code: int) -> None:
        if code not in self._statuses:
            _refuse("statuses", code, "missing")


def _exists(what: str, number: int, items: Sequence[object]) -> None:
    if not 0 <= number < len(items):
        _refuse(what, number, "does not exist")


def _refuse(what: str, number: int, why: str) -> NoReturn:
    raise ValueError(f"{what} {number}: {why}")

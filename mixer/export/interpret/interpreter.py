"""The interpreter: actions and their verdict, header operations, quotas."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mixer.attribute.value import stringify
from mixer.export.attributes import Phase
from mixer.export.denial import EXHAUSTED, INVALID, REFUSED, one_line
from mixer.export.interpret.cells import Cells
from mixer.export.interpret.look_up import is_listed
from mixer.export.interpret.machine import CodeFailedError, Machine
from mixer.export.interpret.report import Report, report
from mixer.export.interpret.request import Attributes, Request
from mixer.export.interpret.run import Run
from mixer.export.interpret.verdict import Change, Taken, Verdict, undecided
from mixer.export.interpret.verify import verify
from mixer.export.program import (
    Action,
    Direct,
    HeaderChange,
    LookUp,
    Program,
    Quota,
    Take,
)


class _Denial(NamedTuple):
    code: int
    message: str
    direct: Direct | None = None


class Interpreter:
    """Runs one program; remembers what is taken of quotas, and which stats there are."""

    def __init__(self, program: Program) -> None:
        """Raises ValueError for a program that is wrong."""
        verify(program)
        self._program = program
        self._machine = Machine(program)
        self._cells = Cells()
        self._series: list[set[str]] = [set() for _ in program["metrics"]]
        self._statuses: Final = {code: (name, http) for code, name, http in program["statuses"]}

    def check(self, request: Request, now_ns: int) -> Verdict:
        """Decides on a request."""
        run = self._run(request, Phase.CHECK)
        try:
            denials = list(self._denials(run))
        except CodeFailedError:
            return undecided(is_allowed=self._program["fail_open"])
        if denials:
            message = ", ".join(denial.message for denial in denials)
            return self._denied(denials[0].code, message, denials[0].direct, [])
        taken: list[Taken] = []
        exhausted = [
            quota["name"]
            for quota in self._program["quotas"]
            if not self._grants(run, quota, taken, now_ns)
        ]
        if exhausted:
            message = f"Quota is exhausted for: {','.join(exhausted)}"
            return self._denied(EXHAUSTED, message, None, taken)
        rules = [rule for rule in self._program["headers"] if run.holds(rule["match"])]
        return Verdict(
            allowed=True,
            request_headers=[c for rule in rules for c in _changes(run, rule["request"])],
            response_headers=[c for rule in rules for c in _changes(run, rule["response"])],
            taken=taken,
        )

    def report(self, request: Request) -> Report:
        """What is recorded of a request that has ended."""
        return report(self._program, self._run(request, Phase.REPORT), self._series)

    def _run(self, request: Request, phase: Phase) -> Run:
        machine = self._machine
        return Run(machine, Attributes(self._program["attributes"], machine, request, phase))

    def _denials(self, run: Run) -> Iterator[_Denial]:
        for rule in self._program["check"]:
            if run.holds(rule["match"]):
                for action in rule["actions"]:
                    denial = self._outcome(run, action)
                    if denial is not None:
                        yield denial

    def _outcome(self, run: Run, action: Action) -> _Denial | None:
        if action["do"] == "list":
            return self._look_up(run, action)
        run.evaluate(action["evaluate"])
        if action["do"] == "pass":
            return None
        message = f"{action['handler']}:{action['message']}"
        return _Denial(action["code"], message, action["direct"])

    def _look_up(self, run: Run, action: LookUp) -> _Denial | None:
        value = run.value(action["value"])
        found = is_listed(self._program["lists"][action["list"]], value, self._program["automata"])
        if found is None:
            why, code = "is not a valid IP address", INVALID
        elif found is action["deny_found"]:
            why, code = action["denial"], REFUSED
        else:
            return None
        return _Denial(code, f"{action['handler']}:{stringify(value)} {why}")

    def _denied(
        self, code: int, message: str, direct: Direct | None, taken: list[Taken]
    ) -> Verdict:
        name, status = self._statuses[code]
        return Verdict(
            allowed=False,
            code=code,
            status=direct["status"] if direct else status,
            body=direct["body"] if direct else f"{name}:{message}",
            headers=[(key, value) for key, value in direct["headers"]] if direct else [],
            taken=taken,
        )

    def _grants(self, run: Run, quota: Quota, taken: list[Taken], now_ns: int) -> bool:
        limits = [limit for limit in quota["limits"] if run.holds(limit["match"])]
        answers: dict[str, bool] = {}
        try:
            for number, limit in enumerate(limits):
                if limit["do"] == "take":
                    key = [run.text(code) for code in limit["dimensions"]]
                    if limit["handler"] not in answers:
                        answer = self._take(limit, key, quota["amount"], now_ns)
                        answers[limit["handler"]] = answer is not None
                        taken += [answer] if answer else []
                else:
                    run.evaluate(limit["evaluate"])
                    answers[f"{number}"] = limit["do"] == "all"
        except CodeFailedError:
            return False
        return any(answers.values()) or not limits

    def _take(self, take: Take, dimensions: list[str], amount: int, now_ns: int) -> Taken | None:
        """What was taken; None if there is not that much."""
        overrides = (
            override["limit"]
            for override in take["overrides"]
            if all(dimensions[place] in texts for place, texts in override["where"])
        )
        limit = self._program["limits"][next(overrides, take["limit"])]
        key = "".join(f"{len(text.encode())}:{text}" for text in dimensions)
        if not self._cells.take(limit, key, amount, now_ns):
            return None
        return limit["id"], key, amount


def _changes(run: Run, changes: Sequence[HeaderChange]) -> Iterator[Change]:
    for what, name, code in changes:
        try:
            value = one_line(run.text(code))
        except CodeFailedError:
            continue
        if value or what == "remove":
            yield what, name, value

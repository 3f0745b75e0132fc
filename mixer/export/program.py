"""What stands in a program; `docs/policy_program.md` says what each part means.

These are the types of plain JSON, so that writers and interpreters are checked against one text.
"""

from enum import IntEnum
from typing import Final, Literal, TypedDict

VERSION: Final = 1
LABEL_MARK: Final = ";.;"
VALUE_MARK: Final = "=.="
"""What stands before the name and the value of a label in the name of a stat."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
"""A value of a program whose form depends on others."""


class Op(IntEnum):
    """Opcodes; the operands stand behind them."""

    CONST = 0
    ATTR = 1
    ATTR_OR = 2
    ENTRY = 3
    ENTRY_OR = 4
    INDEX = 5
    INDEX_OR = 6
    JUMP = 7
    UNLESS = 8
    AND = 9
    OR = 10
    POP = 11
    SELECT = 12
    COMPARE = 13
    ADD = 14
    MATCH = 15
    MATCHES = 16
    STARTS_WITH = 17
    ENDS_WITH = 18
    TO_LOWER = 19
    SIZE = 20
    IP = 21
    TIME = 22
    TEXT = 23
    FAIL = 24


class Kind(IntEnum):
    """Types of values."""

    TEXT = 0
    INT = 1
    BOOL = 2
    DOUBLE = 3
    ADDRESS = 4
    TIME = 5
    DURATION = 6
    MAP = 7


class Automaton(TypedDict):
    """Tells whether a text has something in it."""

    classes: list[int]
    next: list[int]
    start: int
    final: list[int]


class TextList(TypedDict):
    """Texts that a value has to equal."""

    kind: Literal["texts"]
    entries: list[str]


class FoldedList(TypedDict):
    """Texts that a value has to equal but for upper and lower case."""

    kind: Literal["folded"]
    entries: list[str]
    fold: dict[str, str]


class AddressList(TypedDict):
    """Networks that an address has to be in."""

    kind: Literal["addresses"]
    networks: list[tuple[str, int]]


class PatternList(TypedDict):
    """Patterns of which one has to be found in a value."""

    kind: Literal["patterns"]
    automaton: int


List = TextList | FoldedList | AddressList | PatternList


class Limit(TypedDict):
    """An amount that may be in use at once, in each cell."""

    id: str
    max: int
    ticks: int


class Direct(TypedDict):
    """An HTTP response that is sent as it stands."""

    status: int
    body: str
    headers: list[tuple[str, str]]


class Pass(TypedDict):
    """Lets the request pass."""

    do: Literal["pass"]
    handler: str
    evaluate: list[int]


class Deny(TypedDict):
    """Denies the request."""

    do: Literal["deny"]
    handler: str
    evaluate: list[int]
    code: int
    message: str
    direct: Direct | None


class LookUp(TypedDict):
    """Denies by what a list says of a value."""

    do: Literal["list"]
    handler: str
    value: int
    type: int
    list: int
    deny_found: bool
    denial: str


Action = Pass | Deny | LookUp


class Rule(TypedDict):
    """The check actions of one rule."""

    rule: str
    match: int
    actions: list[Action]


HeaderChange = tuple[str, str, int]
"""`set`, `add` or `remove`; the header; code."""


class HeaderRule(TypedDict):
    """The header operations of one rule."""

    match: int
    request: list[HeaderChange]
    response: list[HeaderChange]


class Override(TypedDict):
    """Another limit for some cells."""

    where: list[tuple[int, list[str]]]
    limit: int


class Take(TypedDict):
    """Grants what is left in a cell."""

    match: int
    do: Literal["take"]
    handler: str
    dimensions: list[int]
    overrides: list[Override]
    limit: int


class Answer(TypedDict):
    """Grants all or nothing, whatever was taken before."""

    match: int
    do: Literal["all", "nothing"]
    evaluate: list[int]


class Quota(TypedDict):
    """A quota, and all that limits it."""

    name: str
    amount: int
    limits: list[Take | Answer]


class Metric(TypedDict):
    """A sample for each request."""

    match: int
    kind: Literal["counter", "gauge", "histogram"]
    stat: str
    labels: list[tuple[str, int]]
    value: int
    scale: int
    max_series: int


class Log(TypedDict):
    """A line for each request."""

    match: int
    instance: str
    severity: int
    levels: dict[str, int]
    lowest: int
    time: int
    fields: list[tuple[str, int, bool]]


Cells = Literal["shared", "worker"]
"""Whose amounts of quotas count together: of all workers, or of each alone."""


class Program(TypedDict):
    """All of it."""

    version: int
    namespace: str
    fail_open: bool
    stack: int
    cells: Cells
    constants: list[Json]
    attributes: list[list[Json]]
    code: list[list[int]]
    lower: list[list[int]]
    automata: list[Automaton]
    lists: list[List]
    limits: list[Limit]
    statuses: list[tuple[int, str, int]]
    check: list[Rule]
    headers: list[HeaderRule]
    quotas: list[Quota]
    metrics: list[Metric]
    logs: list[Log]

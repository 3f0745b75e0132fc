"""Roles and bindings, made for quick look-ups.

There are two tables. A row of the first is an access rule of a role, its columns are what can be
said of an action. A row of the second is a subject of a binding, its columns are what can be said
of who asks; it also knows which rows of the first table belong to its role. A request is granted
if a subject matches whose role has a rule that matches.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final

from adapters.pattern import Patterns
from adapters.rbac.column import Column, Rows
from adapters.rbac.params import (
    AccessRule,
    EnforcementMode,
    Params,
    ServiceRole,
    ServiceRoleBinding,
    Subject,
)
from mixer.adapter import Value, stringify
from mixer.template import authorization

_NOBODY: Final = authorization.Subject()
_NOTHING: Final = authorization.Action()


class Access(Enum):
    """Who grants a request."""

    GRANTED = "granted"
    """A binding that is in force."""
    SHADOW = "shadow"
    """Only bindings that are tried out."""
    NONE = "none"


class Policy:
    """What params say; immutable, so safe for many threads."""

    def __init__(self, params: Params) -> None:
        """The params must be valid."""
        self._actions = _Actions([(role, rule) for role in params.roles for rule in role.rules])
        self._subjects = _Subjects(
            [(binding, subject) for binding in params.bindings for subject in binding.subjects]
        )
        rules_of = _rules_of(params.roles)
        self._rules = [
            rules_of[binding.namespace, binding.role_ref.name]
            for binding in self._subjects.bindings
        ]
        """For each subject, the rules of its role."""
        self._holders = _turned(self._rules, sum(len(role.rules) for role in params.roles))
        """For each rule, the subjects that have its role."""
        self._enforced: Rows = sum(
            1 << row
            for row, binding in enumerate(self._subjects.bindings)
            if binding.mode is EnforcementMode.ENFORCED
        )

    def access(self, instance: authorization.Instance) -> Access:
        """Who grants the subject the action; a part that the instance lacks is empty."""
        rules = self._actions.matching(instance.action or _NOTHING)
        if not rules:
            return Access.NONE
        subjects = self._subjects.matching(instance.subject or _NOBODY)
        if self._has_one(subjects & self._enforced, rules):
            return Access.GRANTED
        if self._has_one(subjects & ~self._enforced, rules):
            return Access.SHADOW
        return Access.NONE

    def _has_one(self, subjects: Rows, rules: Rows) -> bool:
        """Whether one of the subjects has one of the rules; looks from the side with fewer."""
        if subjects.bit_count() < rules.bit_count():
            return _meet(subjects, self._rules, rules)
        return _meet(rules, self._holders, subjects)


def _meet(rows: Rows, partners: Sequence[Rows], others: Rows) -> bool:
    while rows:
        row = rows.bit_length() - 1
        if partners[row] & others:
            return True
        rows ^= 1 << row
    return False


def _turned(table: Sequence[Rows], count: int) -> list[Rows]:
    """The same relation, seen from the `count` rows of the other side."""
    found = [0] * count
    for row, partners in enumerate(table):
        bit, rest = 1 << row, partners
        while rest:
            other = rest.bit_length() - 1
            found[other] |= bit
            rest ^= 1 << other
    return found


class _Actions:
    """The table of access rules."""

    def __init__(self, rows: Sequence[tuple[ServiceRole, AccessRule]]) -> None:
        self._namespace = Column([_exactly(role.namespace) for role, _ in rows])
        self._service = Column([Patterns.parse(rule.services) for _, rule in rows])
        self._method = Column([Patterns.parse(rule.methods) for _, rule in rows])
        self._path = Column([_parsed(rule.paths) for _, rule in rows])
        self._properties = _property_columns([list(_constraints(rule)) for _, rule in rows])

    def matching(self, action: authorization.Action) -> Rows:
        found = (
            self._service.rows(action.service)
            & self._method.rows(action.method)
            & self._path.rows(action.path)
            & self._namespace.rows(action.namespace)
        )
        return _narrowed(found, self._properties, action.properties)


class _Subjects:
    """The table of the subjects of bindings."""

    def __init__(self, rows: Sequence[tuple[ServiceRoleBinding, Subject]]) -> None:
        self.bindings: Final = [binding for binding, _ in rows]
        self._user = Column([_exactly_or_any(subject.user) for _, subject in rows])
        self._group = Column([_exactly_or_any(subject.group) for _, subject in rows])
        self._properties = _property_columns(
            [
                [(key, Patterns.parse((pattern,))) for key, pattern in subject.properties.items()]
                for _, subject in rows
            ]
        )

    def matching(self, subject: authorization.Subject) -> Rows:
        found = self._user.rows(subject.user)
        if found:
            found &= self._in_groups(subject.groups)
        return _narrowed(found, self._properties, subject.properties)

    def _in_groups(self, groups: str) -> Rows:
        found = self._group.rows(groups) if groups else self._group.free
        if "," in groups:
            for group in groups.split(","):
                found |= self._group.rows(group.strip())
        return found


_Properties = Sequence[tuple[str, Column]]


def _narrowed(rows: Rows, columns: _Properties, properties: Mapping[str, Value]) -> Rows:
    """The rows whose properties match too."""
    for key, column in columns:
        if not rows:
            break
        value = properties.get(key)
        if value is None:
            rows &= column.free
        else:
            rows &= column.rows(value if isinstance(value, str) else stringify(value))
    return rows


def _property_columns(rows: Sequence[Sequence[tuple[str, Patterns]]]) -> _Properties:
    """Columns that all must match; a row that has a key twice is in two columns of that key."""
    cells: dict[tuple[str, int], list[Patterns | None]] = {}
    for row, entries in enumerate(rows):
        for place, patterns in _numbered(entries):
            cells.setdefault(place, [None] * len(rows))[row] = patterns
    return [(key, Column(column)) for (key, _), column in cells.items()]


def _numbered(
    entries: Iterable[tuple[str, Patterns]],
) -> Iterator[tuple[tuple[str, int], Patterns]]:
    seen: Counter[str] = Counter()
    for key, patterns in entries:
        yield (key, seen[key]), patterns
        seen[key] += 1


def _constraints(rule: AccessRule) -> Iterator[tuple[str, Patterns]]:
    for constraint in rule.constraints:
        yield constraint.key, Patterns.parse(constraint.values)


def _rules_of(roles: Iterable[ServiceRole]) -> dict[tuple[str, str], Rows]:
    """The rows of each role, by namespace and name."""
    found: dict[tuple[str, str], Rows] = {}
    first = 0
    for role in roles:
        count = len(role.rules)
        found[role.namespace, role.name] = ((1 << count) - 1) << first
        first += count
    return found


def _parsed(patterns: Sequence[str]) -> Patterns | None:
    return Patterns.parse(patterns) if patterns else None


def _exactly(text: str) -> Patterns | None:
    return Patterns(frozenset({text}), (), (), any=False) if text else None


def _exactly_or_any(text: str) -> Patterns | None:
    return Patterns(frozenset(), (), (), any=True) if text == "*" else _exactly(text)

"""From the syntax tree of an expression to code.

As in `mixer.expr.emitter`, each part is written together with what is to happen when it is absent:
a label to jump to, or none, and then its absence is a failure. Absence is understood for
attributes, for `m[k]` and for `|` itself; all other parts have a value or fail.

The depth of the stack is known at each place. A label belongs to one depth, that at which the part
began to which it is the alternative.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from mixer.attribute.bag import StringMap
from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import EvaluationError
from mixer.export.constant import KINDS, to_json
from mixer.export.pool import Pool
from mixer.export.program import Kind, Op
from mixer.export.regex.automaton import automaton_of
from mixer.export.regex.pattern import UnsupportedPatternError
from mixer.export.scope import Scope
from mixer.expr import Attribute, Call, Constant, Node, check
from mixer.expr.ast import chain, children
from mixer.expr.folding import fold
from mixer.expr.runtime.text import searcher

_RELATIONS: Final = {"EQ": 0, "NEQ": 1, "LT": 2, "LEQ": 3, "GT": 4, "GEQ": 5}
_NUMBERS: Final = {Kind.TIME: Kind.INT, Kind.DURATION: Kind.INT}
_UNICODE: Final = frozenset({ValueType.DNS_NAME, ValueType.EMAIL_ADDRESS, ValueType.URI})
_PLAIN: Final = {
    "startsWith": Op.STARTS_WITH,
    "endsWith": Op.ENDS_WITH,
    "toLower": Op.TO_LOWER,
    "size": Op.SIZE,
    "ip": Op.IP,
    "timestamp": Op.TIME,
    "conditionalString": Op.SELECT,
}
"""Functions that are one opcode behind their arguments."""


class Label:
    """A place to jump to, which is known when it is set."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        """Of the stack, there."""
        self.jumps: list[int] = []
        """Where its place is to be filled in."""


class CodeWriter:
    """Writes code for one program. What has no place in a proxy goes to `reasons`."""

    def __init__(self, pool: Pool, vocabulary: Vocabulary, scope: Scope) -> None:
        self._pool = pool
        self._vocabulary = vocabulary
        self._scope = scope
        self._code: list[int] = []
        self._depth = self._deepest = 0
        self.reasons: list[str] = []
        """Why what was written so far can't run in a proxy."""

    def write(self, node: Node) -> int:
        """The number of the code of a checked expression."""
        return self._finished(lambda: self._value(fold(node)))

    def write_text(self, node: Node, *, exact: bool = False) -> int:
        """The same, of the value as text; if `exact`, times and durations as their numbers."""
        return self._finished(lambda: self._text(fold(node), exact=exact))

    def write_constant(self, text: str) -> int:
        """The number of code that gives a text."""
        return self.write(Constant(value=text, type=ValueType.STRING))

    def _finished(self, write: Callable[[], None]) -> int:
        self._code, self._depth, self._deepest = [], 0, 0
        write()
        return self._pool.add_code(self._code, self._deepest)

    def _text(self, node: Node, *, exact: bool) -> None:
        kind = KINDS[self._type(node)]
        self._value(node)
        if kind is Kind.MAP:
            self._refuse("is a whole map, of which a proxy makes no text")
        elif kind is not Kind.TEXT:
            self._emit(Op.TEXT, _NUMBERS.get(kind, kind) if exact else kind, change=0)

    def _type(self, node: Node) -> ValueType:
        return check(node, self._vocabulary)

    def _refuse(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)

    def _emit(self, op: Op, *operands: int, change: int) -> None:
        self._code += [op, *operands]
        self._depth += change
        self._deepest = max(self._deepest, self._depth)

    def _jump(self, op: Op, *operands: int, to: Label, change: int = 0) -> None:
        self._emit(op, *operands, 0, change=change)
        to.jumps.append(len(self._code) - 1)

    def _set(self, label: Label) -> None:
        for place in label.jumps:
            self._code[place] = len(self._code)
        self._depth = label.depth

    def _value(self, node: Node, absent: Label | None = None) -> None:
        """Pushes the value; jumps to `absent`, if it is given, where there is none."""
        if isinstance(node, Constant):
            self._constant(node)
        elif isinstance(node, Attribute):
            self._attribute(node, absent)
        elif node.name == "OR":
            self._or(node, absent)
        elif node.name == "INDEX":
            self._index(node, absent)
        elif node.name == "conditional":
            self._conditional(node)
        elif node.name in {"LAND", "LOR"}:
            self._logic(node)
        elif node.name == "ADD":
            self._add(node)
        elif node.name in _RELATIONS:
            self._compare(node)
        else:
            self._call(node)

    def _constant(self, node: Constant) -> None:
        value = node.value.entries if isinstance(node.value, StringMap) else node.value
        self._emit(Op.CONST, self._pool.add_constant(to_json(value)), change=1)

    def _attribute(self, node: Attribute, absent: Label | None) -> None:
        number = self._attribute_number(node)
        if absent is None:
            self._emit(Op.ATTR, number, change=1)
        else:
            self._jump(Op.ATTR_OR, number, to=absent, change=1)

    def _attribute_number(self, node: Attribute) -> int:
        found = self._scope.find(node.name, self._vocabulary[node.name].value_type)
        if isinstance(found, str):
            self._refuse(f"attribute {node.name} {found}")
            return 0
        return self._pool.add_attribute(node.name, found)

    def _or(self, node: Call, absent: Label | None) -> None:
        *operands, last = chain(node)
        end = Label(self._depth + 1)
        for operand in operands:
            following = Label(self._depth)
            self._value(operand, following)
            if not following.jumps:  # it is never absent, so nothing behind it is ever reached
                break
            self._jump(Op.JUMP, to=end)
            self._set(following)
        else:
            self._value(last, absent)
        self._set(end)

    def _index(self, node: Call, absent: Label | None) -> None:
        mapping, key = node.arguments
        if isinstance(mapping, Attribute) and isinstance(key, Constant):
            self._entry(mapping, key, absent)
        elif absent is None:
            self._values(node.arguments)
            self._emit(Op.INDEX, change=-1)
        else:
            self._index_or(mapping, key, absent)

    def _entry(self, mapping: Attribute, key: Constant, absent: Label | None) -> None:
        operands = self._attribute_number(mapping), self._pool.add_constant(str(key.value))
        if absent is None:
            self._emit(Op.ENTRY, *operands, change=1)
        else:
            self._jump(Op.ENTRY_OR, *operands, to=absent, change=1)

    def _index_or(self, mapping: Node, key: Node, absent: Label) -> None:
        self._value(mapping, absent)
        no_key, end = Label(self._depth), Label(self._depth)
        self._value(key, no_key)
        self._jump(Op.INDEX_OR, to=absent, change=-1)
        if no_key.jumps:
            self._jump(Op.JUMP, to=end)
            self._set(no_key)
            self._emit(Op.POP, change=-1)
            self._jump(Op.JUMP, to=absent)
        self._set(end)

    def _conditional(self, node: Call) -> None:
        condition, chosen, other = node.arguments
        self._value(condition)
        otherwise, end = Label(self._depth - 1), Label(self._depth)
        self._jump(Op.UNLESS, to=otherwise, change=-1)
        self._value(chosen)
        self._jump(Op.JUMP, to=end)
        self._set(otherwise)
        self._value(other)
        self._set(end)

    def _logic(self, node: Call) -> None:
        *operands, last = chain(node)
        end = Label(self._depth + 1)
        for operand in operands:
            self._value(operand)
            self._jump(Op.AND if node.name == "LAND" else Op.OR, to=end, change=-1)
        self._value(last)
        self._set(end)

    def _add(self, node: Call) -> None:
        first, *others = chain(node) if self._type(node) is not ValueType.INT64 else node.arguments
        kind = KINDS[self._type(node)]
        self._value(first)
        for other in others:
            self._value(other)
            self._emit(Op.ADD, kind, change=-1)

    def _compare(self, node: Call) -> None:
        kind = self._type(node.arguments[0])
        if kind in _UNICODE and node.name in {"EQ", "NEQ"}:
            self._refuse(f"equality of {kind.name} needs the tables of Unicode")
        self._values(node.arguments)
        number = _NUMBERS.get(KINDS[kind], KINDS[kind])
        self._emit(Op.COMPARE, _RELATIONS[node.name], number, change=-1)

    def _values(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self._value(node)

    def _call(self, node: Call) -> None:
        if node.name == "match":
            self._match(node)
        elif node.name == "matches":
            self._matches(node)
        elif node.name in _PLAIN:
            parts = children(node)
            self._values(parts)
            self._emit(_PLAIN[node.name], change=1 - len(parts))
            self._pool.lowers |= node.name == "toLower"
        else:
            self._refuse(f"{node.name}() needs the tables of Unicode")
            self._emit(Op.FAIL, change=1)

    def _match(self, node: Call) -> None:
        text, pattern = node.arguments
        self._value(text)
        if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
            self._value(pattern)
            self._emit(Op.MATCH, change=-1)
            return
        stars = pattern.value.endswith("*"), pattern.value.startswith("*")
        part = pattern.value[:-1] if stars[0] else pattern.value[1:] if stars[1] else pattern.value
        self._constant(replace(pattern, value=part))
        if stars[0]:
            self._emit(Op.STARTS_WITH, change=-1)
        elif stars[1]:
            self._emit(Op.ENDS_WITH, change=-1)
        else:
            self._emit(Op.COMPARE, 0, Kind.TEXT, change=-1)

    def _matches(self, node: Call) -> None:
        pattern = node.target
        if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
            self._refuse("matches() with a pattern that is not constant")
            self._emit(Op.FAIL, change=1)
            return
        self._value(node.arguments[0])
        try:
            searcher(pattern.value)
            automaton = automaton_of((pattern.value,))
        except EvaluationError:  # a wrong pattern fails, when it is evaluated
            self._emit(Op.FAIL, change=0)
        except UnsupportedPatternError as error:
            self._refuse(f"pattern {pattern.value!r}: {error}")
        else:
            number = self._pool.add_automaton(automaton, (pattern.value,))
            self._emit(Op.MATCHES, number, change=0)

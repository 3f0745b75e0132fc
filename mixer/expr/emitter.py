"""From syntax tree to the source of a Python expression over a local variable `bag`.

Theory of operation. Each part is emitted together with a *fallback*: the source that is to be
evaluated when the part has no value. Without a fallback the part must have a value, and its source
raises. `a | b` is `a` with the fallback `b`:

    t0 if (t0 := bag[k0]).__class__ is str and not bag.note(k1)
       else fail_string(bag, k0) if t0 is not None or bag.note(k2) else <b>

Here `k1` and `k2` are the references for presence and for absence; `bag.note` gives None. A
function that need not tell what it has read is emitted without them.

Absence is understood for attributes, for `m[k]`, and for `|` itself. All other parts have a value
or fail, so that their fallback is dropped; their operands must have values.

Rules:

- The source evaluates what the semantics evaluate, in the same order, and nothing else: what is
  read of a bag is what the client may cache by.
- `_open` gives source that needs parentheses inside a larger expression, `_closed` doesn't.
- The happy path is syntax; helpers are called for what has no syntax, and to fail.
- A map that is no map is absent, and so is an operand of an address or time comparison that is
  none ("used"); the original panicked. Addresses and times that only pass through are not tested.
"""

from typing import Final

from mixer.attribute.bag import Reference, StringMap, references_to
from mixer.attribute.value import Duration, Timestamp, ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import ExpressionError
from mixer.expr.ast import Attribute, Call, Constant, Node, chain
from mixer.expr.checker import check
from mixer.expr.emit_call import emit_call
from mixer.expr.emit_compare import emit_compare
from mixer.expr.folding import fold
from mixer.expr.namespace import Namespace
from mixer.expr.operators import SYMBOLS, TEXT_TYPES, check_operators
from mixer.expr.runtime import read
from mixer.expr.runtime.number import wrap_int64

_MAX_BRACKETS: Final = 120
"""How deep brackets may nest; Python allows 200, some of which the code around may need."""

_TESTED: Final = {
    **dict.fromkeys(TEXT_TYPES, (str, read.fail_string)),
    ValueType.BOOL: (bool, read.fail_bool),
    ValueType.DOUBLE: (float, read.fail_double),
    ValueType.INT64: (int, read.as_int64),
    ValueType.DURATION: (Duration, read.as_duration),
}
"""Types whose values are tested when read: the class, and what is called for any other."""
_CLASSES: Final = {
    ValueType.TIMESTAMP: Timestamp,
    ValueType.IP_ADDRESS: bytes,
}
"""Types of which a value of another class counts as absent."""


def emit(node: Node, vocabulary: Vocabulary, namespace: Namespace) -> str:
    """The source of an expression whose value is that of `node` for the bag in `bag`.

    Evaluating it raises EvaluationError when there is no value, LookupFailedError when an
    attribute is absent. Raises ExpressionError when the expression has no type, or has one but
    can't be evaluated.
    """
    kind = check(node, vocabulary)
    check_operators(node, vocabulary)
    source = Emitter(vocabulary, namespace).closed(fold(node))
    if kind is ValueType.STRING_MAP:
        source += ".entries"
    if _bracket_depth(source) > _MAX_BRACKETS:
        raise ExpressionError("expression nests too deeply", node.column)
    return source


def _bracket_depth(source: str) -> int:
    depth = deepest = 0
    for char in source:
        if char in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]":
            depth -= 1
    return deepest


class Emitter:
    """Writes the source of one expression; has the methods of `writer.Writer`."""

    def __init__(self, vocabulary: Vocabulary, namespace: Namespace) -> None:
        self._vocabulary = vocabulary
        self._records_reads = namespace.records_reads
        self.bind = namespace.bind
        self.temporary = namespace.temporary

    def type_of(self, node: Node) -> ValueType:
        """The type of a part of the expression."""
        return check(node, self._vocabulary)

    def closed(self, node: Node, *, used: bool = False) -> str:
        """Source that fits anywhere."""
        source = self.open(node, used=used)
        return source if source.isidentifier() else f"({source})"

    def open(self, node: Node, fallback: str | None = None, *, used: bool = False) -> str:
        """Source that fits between brackets and commas, and after `else` and `:=`."""
        if isinstance(node, Constant):
            return self.bind(node.value)
        if isinstance(node, Attribute):
            return self._attribute(node, fallback, used=used)
        if node.name == "OR":
            return self._or(node, fallback, used=used)
        if node.name == "INDEX":
            return self._index(node, fallback) if fallback else f'{self.looked_up(node)} or ""'
        if node.name == "conditional":
            return self._conditional(node, used=used)
        if node.name in {"LAND", "LOR"}:
            word = " and " if node.name == "LAND" else " or "
            return word.join(self.closed(operand) for operand in chain(node))
        if node.name == "ADD":
            return self._add(node)
        if node.name in SYMBOLS:
            return emit_compare(self, node)
        return emit_call(self, node)

    def looked_up(self, node: Call) -> str:
        """The entry of a map that must be there; None when the key isn't."""
        mapping, key = node.arguments
        entry = self.temporary()
        test = self._entry_test(entry, self.closed(mapping), self.open(key), node)
        return f"({entry} if {test} else None)"

    def _entry_test(self, entry: str, entries: str, key: str, node: Call) -> str:
        """A test whether there is an entry, which assigns it, and records the look-up."""
        if not self._records_reads:
            return f"({entry} := {entries}.find({key})) is not None"
        mapping, subscript = node.arguments
        if not isinstance(mapping, Attribute) or not isinstance(subscript, Constant):
            return f"({entry} := bag.look_up({entries}, {key})) is not None"
        absent, present = references_to(mapping.name, str(subscript.value))
        return (
            f"(({entry} := {entries}.find({key})) is not None "
            f"and not bag.note({self.bind(present)}) or bag.note({self.bind(absent)}))"
        )

    def _attribute(self, node: Attribute, fallback: str | None, *, used: bool) -> str:
        kind = self._vocabulary[node.name].value_type
        name, value = self.bind(node.name), self.temporary()
        read_it = f"({value} := bag[{name}])"
        absent, present = references_to(node.name)
        if kind in _TESTED:
            wanted, failure = _TESTED[kind]
            otherwise = f"{self.bind(failure)}(bag, {name})"
            if fallback:
                is_there = f"{value} is not None{self._noted(' or ', absent)}"
                otherwise += f" if {is_there} else {fallback}"
            test = f"{read_it}.__class__ is {self.bind(wanted)}"
            return f"{value} if {test}{self._noted(' and not ', present)} else {otherwise}"
        if kind is ValueType.STRING_MAP:
            test = f"{self.bind(isinstance)}({read_it}, {self.bind(StringMap)})"
        elif used:
            test = f"{read_it}.__class__ is {self.bind(_CLASSES[kind])}"
        else:
            test = f"{read_it} is not None"
        if kind is not ValueType.STRING_MAP:
            test += self._noted(" and not ", present)
        if fallback:
            return f"{value} if {test}{self._missed(name)} else {fallback}"
        return f"{value} if {test} else {self.bind(read.fail_absent)}(bag, {name})"

    def _noted(self, word: str, reference: Reference) -> str:
        return f"{word}bag.note({self.bind(reference)})" if self._records_reads else ""

    def _missed(self, name: str) -> str:
        return f" or {self.bind(read.missed)}(bag, {name})" if self._records_reads else ""

    def _or(self, node: Call, fallback: str | None, *, used: bool) -> str:
        *operands, last = chain(node)
        source = self.open(last, fallback, used=used)
        for operand in reversed(operands):
            source = self.open(operand, source, used=used)
        return source

    def _index(self, node: Call, fallback: str) -> str:
        mapping, key = node.arguments
        entries, mapping_tests = self._maybe(mapping)
        subscript, key_tests = self._maybe(key)
        entry = self.temporary()
        tests = [*mapping_tests, *key_tests, self._entry_test(entry, entries, subscript, node)]
        return f"{entry} if {' and '.join(tests)} else {fallback}"

    def _maybe(self, node: Node) -> tuple[str, list[str]]:
        """The source of a value, and the tests after which it may be used."""
        if isinstance(node, Constant):
            return self.bind(node.value), []
        value = self.temporary()
        if isinstance(node, Attribute) and self.type_of(node) is ValueType.STRING_MAP:
            name = self.bind(node.name)
            test = f"{self.bind(isinstance)}(({value} := bag[{name}]), {self.bind(StringMap)})"
            return value, [f"({test}{self._missed(name)})"]
        return value, [f"({value} := {self.open(node, 'None')}) is not None"]

    def _conditional(self, node: Call, *, used: bool) -> str:
        condition, chosen, other = node.arguments
        test, value = self.closed(condition), self.closed(chosen, used=used)
        return f"{value} if {test} else {self.open(other, used=used)}"

    def _add(self, node: Call) -> str:
        if self.type_of(node) is not ValueType.INT64:
            return " + ".join(self.closed(operand) for operand in chain(node))
        left, right = (self.closed(operand) for operand in node.arguments)
        total = self.temporary()
        test = f"-0x8000000000000000 <= ({total} := {left} + {right}) <= 0x7fffffffffffffff"
        return f"{total} if {test} else {self.bind(wrap_int64)}({total})"

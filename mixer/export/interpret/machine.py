"""Runs code: the reference for what each opcode means."""

import struct
from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from mixer.attribute.value import Timestamp, stringify
from mixer.errors import EvaluationError
from mixer.export.constant import Constant, as_value, clamp, from_json
from mixer.export.lower import lowered
from mixer.export.program import Kind, Op, Program
from mixer.export.regex.automaton import finds
from mixer.expr.runtime.number import ip, wrap_int64
from mixer.expr.runtime.text import match

Value = Any
"""As Python has the value; each opcode knows the types of its operands."""
Read = Callable[[int], Constant | None]
"""The attribute of that number; None if it is absent."""

_RELATIONS: Final = (eq, ne, lt, le, gt, ge)
_EQUALITIES: Final = 2
_DOUBLE: Final = struct.Struct(">d")
_V4_PREFIX: Final = bytes(10) + b"\xff\xff"


class CodeFailedError(EvaluationError):
    """Code that has no value."""

    def __init__(self) -> None:
        super().__init__("the code has no value")


def shortest_address(address: bytes) -> bytes:
    """An IPv4 address in its 4 bytes, whatever its form."""
    return address[12:] if len(address) == 16 and address.startswith(_V4_PREFIX) else address


class Machine:
    """Runs the code of one program."""

    def __init__(self, program: Program) -> None:
        self._constants = [from_json(constant) for constant in program["constants"]]
        self._code = program["code"]
        self._automata = program["automata"]
        self._lower = program["lower"]

    def run(self, number: int, read: Read) -> Value:
        """The value of that code; raises CodeFailedError."""
        code, stack, at = self._code[number], list[Value](), 0
        while at < len(code):
            op = Op(code[at])
            operands = code[at + 1 : at + 1 + OPERAND_COUNTS.get(op, 0)]
            at += 1 + len(operands)
            target = self._step(op, operands, stack, read)
            if target is not None:
                at = target
        (value,) = stack
        return value

    def constant(self, number: int) -> Constant:
        """The constant of that number."""
        return self._constants[number]

    def _step(self, op: Op, operands: Sequence[int], stack: list[Value], read: Read) -> int | None:
        """Carries out one opcode; gives the target of a jump, None to go on."""
        if op in _JUMPS:
            return self._jump(op, operands, stack, read)
        match op:
            case Op.CONST:
                stack.append(self._constants[operands[0]])
            case Op.ATTR:
                stack.append(_there(read(operands[0])))
            case Op.ENTRY:
                entries = _there(read(operands[0]))
                stack.append(entries.get(self._constants[operands[1]], ""))
            case Op.MATCHES:
                stack.append(finds(self._automata[operands[0]], stack.pop().encode()))
            case Op.TO_LOWER:
                stack.append(lowered(self._lower, stack.pop()))
            case Op.POP:
                stack.pop()
            case Op.FAIL:
                raise CodeFailedError
            case _:
                count, function = _FUNCTIONS[op]
                arguments = stack[-count:]
                del stack[-count:]
                stack.append(function(*arguments, *operands))
        return None

    def _jump(self, op: Op, operands: Sequence[int], stack: list[Value], read: Read) -> int | None:
        target = operands[-1]
        if op is Op.JUMP:
            return target
        if op is Op.UNLESS:
            return None if stack.pop() else target
        if op in {Op.AND, Op.OR}:
            if stack[-1] is (op is Op.OR):
                return target
            stack.pop()
            return None
        value = self._maybe(op, operands, stack, read)
        if value is None:
            return target
        stack.append(value)
        return None

    def _maybe(
        self, op: Op, operands: Sequence[int], stack: list[Value], read: Read
    ) -> Value | None:
        """The value of a part that may be absent, None if it is."""
        if op is Op.INDEX_OR:
            key = stack.pop()
            return stack.pop().get(key)
        value: Value = read(operands[0])
        if op is Op.ENTRY_OR and value is not None:
            return value.get(self._constants[operands[1]])
        return value


def _there(value: Value | None) -> Value:
    if value is None:
        raise CodeFailedError
    return value


def _compare(left: Value, right: Value, relation: int, kind: int) -> bool:
    if kind == Kind.ADDRESS:
        left, right = shortest_address(left), shortest_address(right)
    if kind == Kind.DOUBLE and relation < _EQUALITIES:
        left, right = _DOUBLE.pack(left), _DOUBLE.pack(right)
    return bool(_RELATIONS[relation](left, right))


def _add(left: Value, right: Value, kind: int) -> Value:
    return wrap_int64(left + right) if kind == Kind.INT else left + right


def _ip(text: str) -> bytes:
    try:
        return ip(text)
    except EvaluationError as error:
        raise CodeFailedError from error


def _time(text: str) -> int:
    try:
        return clamp(Timestamp.parse(text))
    except ValueError as error:
        raise CodeFailedError from error


def _text(value: Value, kind: int) -> str:
    return stringify(as_value(value, Kind(kind)) if isinstance(value, int) else value)


OPERAND_COUNTS: Final[Mapping[Op, int]] = {
    Op.CONST: 1,
    Op.ATTR: 1,
    Op.ATTR_OR: 2,
    Op.ENTRY: 2,
    Op.ENTRY_OR: 3,
    Op.INDEX_OR: 1,
    Op.JUMP: 1,
    Op.UNLESS: 1,
    Op.AND: 1,
    Op.OR: 1,
    Op.COMPARE: 2,
    Op.ADD: 1,
    Op.MATCHES: 1,
    Op.TEXT: 1,
}
"""How many operands stand behind an opcode; none behind others."""
_JUMPS: Final = frozenset({Op.ATTR_OR, Op.ENTRY_OR, Op.INDEX_OR, Op.JUMP, Op.UNLESS, Op.AND, Op.OR})
_FUNCTIONS: Final[Mapping[Op, tuple[int, Callable[..., Value]]]] = {
    Op.INDEX: (2, lambda entries, key: entries.get(key, "")),
    Op.SELECT: (3, lambda condition, chosen, other: chosen if condition else other),
    Op.COMPARE: (2, _compare),
    Op.ADD: (2, _add),
    Op.MATCH: (2, match),
    Op.STARTS_WITH: (2, str.startswith),
    Op.ENDS_WITH: (2, str.endswith),
    Op.SIZE: (1, lambda text: len(text.encode())),
    Op.IP: (1, _ip),
    Op.TIME: (1, _time),
    Op.TEXT: (1, _text),
}
"""How many values they pop, and what they push of them and their operands."""

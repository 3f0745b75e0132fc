"""Tests one piece of code before it is run: the reference for what is refused, and why."""

from collections.abc import Sequence
from typing import Final, NoReturn

from mixer.export.interpret.types import Type, agreed, of_constant, of_kind, of_source
from mixer.export.program import Kind, Op, Program

OPERANDS: Final = {
    Op.CONST: "c",
    Op.ATTR: "a",
    Op.ATTR_OR: "at",
    Op.ENTRY: "ac",
    Op.ENTRY_OR: "act",
    Op.INDEX_OR: "t",
    Op.JUMP: "t",
    Op.UNLESS: "t",
    Op.AND: "t",
    Op.OR: "t",
    Op.COMPARE: "ry",
    Op.ADD: "y",
    Op.MATCHES: "d",
    Op.TEXT: "y",
}
"""What stands behind an opcode: a constant, attribute, target, relation, type or automaton."""
_PLAIN: Final = {
    Op.MATCH: ((Type.TEXT, Type.TEXT), Type.BOOL),
    Op.STARTS_WITH: ((Type.TEXT, Type.TEXT), Type.BOOL),
    Op.ENDS_WITH: ((Type.TEXT, Type.TEXT), Type.BOOL),
    Op.MATCHES: ((Type.TEXT,), Type.BOOL),
    Op.TO_LOWER: ((Type.TEXT,), Type.TEXT),
    Op.SIZE: ((Type.TEXT,), Type.NUMBER),
    Op.IP: ((Type.TEXT,), Type.ADDRESS),
    Op.TIME: ((Type.TEXT,), Type.NUMBER),
    Op.INDEX: ((Type.TEXT, Type.MAP), Type.TEXT),
    Op.INDEX_OR: ((Type.TEXT, Type.MAP), Type.TEXT),
}
"""What they pop, from the top, and push."""
_FIRST_ORDER: Final = 2
_NO_ORDER: Final = frozenset({Type.BOOL, Type.ADDRESS})


def verify_code(program: Program, code: Sequence[int]) -> Type:
    """The type of the code's value, ANY if it never has one; raises ValueError."""
    return _Walk(program, code).result()


class _Walk:
    """Goes through the code once, with the types that are on the stack.

    Since jumps only go forward, all that lead to a place are known when it is reached.
    """

    def __init__(self, program: Program, code: Sequence[int]) -> None:
        self._program = program
        self._code = code
        self._at = 0
        self._stack: list[Type] | None = []
        """None where nothing leads."""
        self._arrivals: dict[int, list[Type]] = {}
        """The stack where jumps lead."""

    def result(self) -> Type:
        while self._at < len(self._code):
            self._step()
        self._arrive()
        if self._stack is None:
            return Type.ANY
        if len(self._stack) != 1:
            _refuse("code that does not leave one value")
        return self._stack[0]

    def _step(self) -> None:
        self._arrive()
        if not 0 <= self._code[self._at] < len(Op):
            _refuse("unknown opcode")
        op = Op(self._code[self._at])
        self._at += 1
        operands = [self._operand(kind) for kind in OPERANDS.get(op, "")]
        if self._stack is not None:
            self._carry_out(op, operands)

    def _arrive(self) -> None:
        """What jumps have come here must agree with what comes from before."""
        arrival = self._arrivals.get(self._at)
        if arrival is not None:
            self._stack = arrival if self._stack is None else _met(self._stack, arrival)

    def _operand(self, kind: str) -> int:
        if self._at >= len(self._code):
            _refuse("code that lacks an operand")
        if self._at in self._arrivals:
            _refuse("a jump into the middle")
        number = self._code[self._at]
        self._at += 1
        if not 0 <= number < self._limit(kind):
            _refuse("an operand out of range")
        return number

    def _limit(self, kind: str) -> int:
        match kind:
            case "c":
                return len(self._program["constants"])
            case "a":
                return len(self._program["attributes"])
            case "d":
                return len(self._program["automata"])
            case "r":
                return 6
            case "y":
                return Kind.MAP
        return 1 << 31

    def _carry_out(self, op: Op, operands: Sequence[int]) -> None:
        match op:
            case Op.CONST:
                self._push(of_constant(self._program, operands[0]))
            case Op.ATTR | Op.ATTR_OR:
                if op is Op.ATTR_OR:
                    self._jump(operands[1])
                self._push(self._attribute(operands[0]))
            case Op.ENTRY | Op.ENTRY_OR:
                _need(Type.MAP, self._attribute(operands[0]))
                _need(Type.TEXT, of_constant(self._program, operands[1]))
                if op is Op.ENTRY_OR:
                    self._jump(operands[2])
                self._push(Type.TEXT)
            case Op.JUMP:
                self._jump(operands[0])
                self._stack = None
            case Op.FAIL:
                self._stack = None
            case Op.AND | Op.OR:
                self._push(_need(Type.BOOL, self._pop()))
                self._jump(operands[0])
                self._pop()
            case Op.UNLESS:
                self._pop(Type.BOOL)
                self._jump(operands[0])
            case _:
                self._operate(op, operands)

    def _operate(self, op: Op, operands: Sequence[int]) -> None:
        match op:
            case Op.POP:
                self._pop()
            case Op.SELECT:
                chosen = self._pop(self._pop())
                self._pop(Type.BOOL)
                self._push(chosen)
            case Op.COMPARE:
                self._compare(operands[0], of_kind(operands[1]))
            case Op.ADD:
                kind = of_kind(operands[0])
                if kind in _NO_ORDER:
                    _refuse("a type that has no sum")
                self._pop(kind)
                self._pop(kind)
                self._push(kind)
            case Op.TEXT:
                self._pop(of_kind(operands[0]))
                self._push(Type.TEXT)
            case _:
                pops, push = _PLAIN[op]
                for wanted in pops:
                    self._pop(wanted)
                if op is Op.INDEX_OR:
                    self._jump(operands[0])
                self._push(push)

    def _compare(self, relation: int, kind: Type) -> None:
        if relation >= _FIRST_ORDER and kind in _NO_ORDER:
            _refuse("a type that has no order")
        self._pop(kind)
        self._pop(kind)
        self._push(Type.BOOL)

    def _attribute(self, number: int) -> Type:
        return of_source(self._program, self._program["attributes"][number][1:]) or Type.ANY

    def _jump(self, target: int) -> None:
        assert self._stack is not None
        if not self._at <= target <= len(self._code):
            _refuse("a jump that does not go forward")
        arrival = self._arrivals.get(target)
        stack = list(self._stack)
        self._arrivals[target] = stack if arrival is None else _met(stack, arrival)

    def _push(self, kind: Type) -> None:
        assert self._stack is not None
        if len(self._stack) >= self._program["stack"]:
            _refuse("code that needs a deeper stack")
        self._stack.append(kind)

    def _pop(self, wanted: Type = Type.ANY) -> Type:
        if not self._stack:
            _refuse("code that pops too much")
        return _need(wanted, self._stack.pop())


def _met(one: list[Type], other: list[Type]) -> list[Type]:
    found = [agreed(*pair) for pair in zip(one, other, strict=False)]
    types = [kind for kind in found if kind]
    if len(one) != len(other) or len(types) != len(found):
        _refuse("a jump with another stack")
    return types


def _need(wanted: Type, found: Type) -> Type:
    kind = agreed(wanted, found)
    if kind is None:
        _refuse(f"{found} where {wanted} is needed")
    return kind


def _refuse(why: str) -> NoReturn:
    raise ValueError(why)

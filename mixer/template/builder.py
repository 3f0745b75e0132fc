"""From plans to one Python function that makes all their instances of a bag.

Metrics of one rule mostly share their dimensions, so the function makes equal maps once and hands
the same mapping to every instance that has them.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mixer.adapter import Variety
from mixer.attribute.bag import Bag
from mixer.attribute.value import Timestamp, ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import EvaluationError, LookupFailedError
from mixer.expr import Namespace, emit, to_text
from mixer.template.plan import Entries, InstancePlan, Message, Part, Scalar, Unset


class InstanceBuilder:
    """Makes the instances of one or more plans.

    `build(bag)` gives all of them, in order, or raises EvaluationError; then `build_each` tells
    which can be made.
    """

    def __init__(self, plans: Sequence[InstancePlan], vocabulary: Vocabulary) -> None:
        self.plans = tuple(plans)
        self._vocabulary = vocabulary
        self.build: Callable[[Bag], list[Any]] = _compile(self.plans, vocabulary)
        self._singles: list[_Single] | None = None

    def build_each(self, bag: Bag) -> tuple[list[Any], list[EvaluationError]]:
        """The instances that can be made, and for each other one why it can't."""
        if self._singles is None:
            self._singles = [_Single(plan, self._vocabulary) for plan in self.plans]
        instances: list[Any] = []
        errors: list[EvaluationError] = []
        for single in self._singles:
            try:
                instances += single.build(bag)
            except EvaluationError:
                errors.append(single.explain(bag))
        return instances, errors


class _Single:
    """One plan by itself, and each of its expressions; compiled when the first instance fails."""

    def __init__(self, plan: InstancePlan, vocabulary: Vocabulary) -> None:
        self._name = plan.name
        self.build = _compile((plan,), vocabulary)
        self._scalars = [
            (scalar.path, _compile_scalar(scalar, vocabulary)) for scalar in plan.scalars()
        ]

    def explain(self, bag: Bag) -> EvaluationError:
        """Why this bag gives no instance."""
        for path, evaluate in self._scalars:
            try:
                evaluate(bag)
            except EvaluationError as error:
                return EvaluationError(f"evaluation failed at [{self._name}]'{path}': '{error}'")
        raise AssertionError(f"{self._name}: no field fails alone")


def _compile_scalar(scalar: Scalar, vocabulary: Vocabulary) -> Callable[[Bag], Any]:
    emitter = _Emitter(vocabulary)
    return emitter.function([], emitter.scalar(scalar))


def _compile(plans: Sequence[InstancePlan], vocabulary: Vocabulary) -> Callable[[Bag], list[Any]]:
    # Nobody asks what was read for a Report.
    records_reads = any(plan.template.variety is not Variety.REPORT for plan in plans)
    emitter = _Emitter(vocabulary, records_reads=records_reads)
    made = [emitter.instance(plan) for plan in plans]
    return emitter.function(emitter.shared_lines, f"[{', '.join(made)}]")


_UNTESTED_TYPES: Final = frozenset({ValueType.TIMESTAMP, ValueType.IP_ADDRESS})
"""Types whose values pass through expressions whatever a client has sent."""


class _Emitter:
    """Writes the source of one function."""

    def __init__(self, vocabulary: Vocabulary, *, records_reads: bool = True) -> None:
        self._vocabulary = vocabulary
        self._namespace = Namespace(records_reads=records_reads)
        self._shared: dict[tuple[tuple[str, str], ...], str] = {}
        self.shared_lines: list[str] = []

    def function(self, lines: Sequence[str], result: str) -> Callable[[Bag], Any]:
        """A function of a bag: these lines, then this result."""
        return self._namespace.function(lines, result)

    def instance(self, plan: InstancePlan) -> str:
        return self._tuple(plan.template.instance, [self._bind(plan.name)], plan.parts)

    def _tuple(self, kind: type[Any], first: list[str], parts: Sequence[Part]) -> str:
        # tuple.__new__ makes a NamedTuple in half the time that its own constructor takes.
        items = ", ".join([*first, *(self._part(part) for part in parts)])
        return f"{self._bind(tuple.__new__)}({self._bind(kind)}, ({items},))"

    def _bind(self, value: object) -> str:
        return self._namespace.bind(value)

    def _part(self, part: Part) -> str:
        match part:
            case Scalar():
                return self.scalar(part)
            case Entries():
                return self._entries(part)
            case Message():
                return self._tuple(part.kind, [], part.parts)
            case Unset():
                return self._bind(part.default)

    def _entries(self, part: Entries) -> str:
        key = tuple((name, to_text(scalar.node)) for name, scalar in part.scalars.items())
        if key not in self._shared:
            items = ", ".join(
                f"{self._bind(name)}: {self.scalar(scalar)}"
                for name, scalar in part.scalars.items()
            )
            variable = self._shared[key] = self._namespace.temporary()
            self.shared_lines.append(f"{variable} = {{{items}}}")
        return self._shared[key]

    def scalar(self, scalar: Scalar) -> str:
        source = emit(scalar.node, self._vocabulary, self._namespace)
        if scalar.must_convert and scalar.type in _UNTESTED_TYPES:
            wanted = Timestamp if scalar.type is ValueType.TIMESTAMP else bytes
            return f"{self._bind(_of_class)}({source}, {self._bind(wanted)})"
        return source


def _of_class(value: object, wanted: type[object]) -> object:
    if value.__class__ is not wanted:
        raise LookupFailedError(f"{value!r} as {wanted.__name__}")
    return value

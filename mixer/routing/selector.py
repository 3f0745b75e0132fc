"""From match expressions to one Python function that tells which of them hold for a bag.

A match that can't be evaluated counts as one that does not hold. Rules with the same text share
one evaluation (istio 1.4 `mixer/pkg/runtime/routing/builder.go`).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from mixer import monitoring
from mixer.attribute.bag import Bag
from mixer.attribute.vocabulary import Vocabulary
from mixer.config.snapshot import Rule
from mixer.errors import EvaluationError
from mixer.expr import Namespace, emit

_LOG: Final = logging.getLogger(__name__)
_RULES_PER_FUNCTION: Final = 256
"""Python compiles long functions in more than linear time."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Generic[T]):
    """What a rule asks for."""

    rule: Rule
    chosen: tuple[T, ...]


def compile_selector(
    choices: Sequence[Choice[T]], vocabulary: Vocabulary, *, records_reads: bool = True
) -> Callable[[Bag], Sequence[T]]:
    """A function from a bag to what the rules that match have chosen, in their order."""
    if all(choice.rule.match is None for choice in choices):
        everything = tuple(item for choice in choices for item in choice.chosen)
        return lambda _bag: everything
    starts = range(0, len(choices), _RULES_PER_FUNCTION)
    chunks = [
        _compile(
            choices[start : start + _RULES_PER_FUNCTION],
            vocabulary,
            Namespace(records_reads=records_reads),
        )
        for start in starts
    ]
    if len(chunks) == 1:
        return chunks[0]
    return lambda bag: [item for chunk in chunks for item in chunk(bag)]


def _compile(
    choices: Sequence[Choice[T]], vocabulary: Vocabulary, namespace: Namespace
) -> Callable[[Bag], list[T]]:
    conditions: dict[str, str] = {}
    error, failed = namespace.bind(EvaluationError), namespace.bind(_failed)
    lines = ["selected = []"]
    for choice in choices:
        rule = choice.rule
        chosen = namespace.bind(choice.chosen)
        if rule.match is None:
            lines.append(f"selected += {chosen}")
            continue
        if rule.match_text not in conditions:
            condition = conditions[rule.match_text] = namespace.temporary()
            lines += [
                "try:",
                f"    {condition} = {emit(rule.match, vocabulary, namespace)}",
                f"except {error} as error:",
                f"    {condition} = {failed}({namespace.bind(rule.place)}, error)",
            ]
        lines.append(f"if {conditions[rule.match_text]}: selected += {chosen}")
    return namespace.function(lines, "selected")


def _failed(place: str, error: EvaluationError) -> bool:
    monitoring.MATCH_FAILURES.inc()
    _LOG.debug("%s: match: %s", place, error)
    return False

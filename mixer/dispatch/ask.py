"""Asks handlers whether a request may pass."""

from collections.abc import Sequence
from typing import Any

from mixer import monitoring
from mixer.attribute.bag import Bag
from mixer.dispatch.combine import CheckOutcome
from mixer.dispatch.on_error import answer_in_place
from mixer.dispatch.safecall import Failure, call
from mixer.errors import DispatchError, EvaluationError
from mixer.routing.table import Group


def ask(groups: Sequence[Group], bag: Bag) -> list[CheckOutcome]:
    """The answers of all handlers, in the order of the configuration.

    Raises DispatchError when an instance can't be made or a handler fails, unless something counts
    in its place; all others are asked nevertheless.
    """
    outcomes: list[CheckOutcome] = []
    errors: list[str] = []
    for group in groups:
        destination = group.destination
        failures: list[Failure] = []
        try:
            instances = group.builder.build(bag)
        except EvaluationError:
            instances, failures = build_each(group, bag)
        for instance in instances:
            result = call(destination, instance)
            if result.__class__ is Failure:
                failures.append(result)
            else:
                outcomes.append((group, result))
        if failures:
            answer = answer_in_place(destination, failures)
            if answer is None:
                errors += [failure.message for failure in failures]
            else:
                outcomes.append((group, answer))
    monitoring.count_phase(len(groups), len(outcomes) + len(errors))
    if errors:
        raise DispatchError(f"performing check operation failed: {listed(errors)}")
    return outcomes


def build_each(group: Group, bag: Bag) -> tuple[list[Any], list[Failure]]:
    """The instances of a group that can be made, and why the others can't."""
    instances, errors = group.builder.build_each(bag)
    monitoring.INSTANCE_FAILURES.inc(len(errors))
    return instances, [Failure(str(error)) for error in errors]


def listed(errors: Sequence[str]) -> str:
    """One text for several errors, in the form of the original."""
    noun = "error" if len(errors) == 1 else "errors"
    return "\n".join([f"{len(errors)} {noun} occurred:", "", *(f"* {error}" for error in errors)])

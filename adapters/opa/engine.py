"""Policies that are compiled, and the asking of them.

What has to be known of rego-cpp (regopy 1.5.2, which speaks the Rego of OPA 1.18 and takes that of
OPA 0.x too), and is taken care of here:

- An interpreter must not be used by two threads at once: they get each other's answers. Different
  ones may be used at the same time, and run in parallel.
- A query whose value is false has no result. So the query binds the value to a variable.
- To run what failed to compile ends the process. So does a query of an odd form; only references
  get here.
- An error while policies run comes as the text of a result that should be JSON.
- The texts of an input are taken as if they stood in JSON already, and end at a NUL. So they are
  escaped here, like those in the text of a policy.
- Functions of OPA that it lacks are undefined when they are called, and no error.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.opa.source import called, first_error
from adapters.opa_document import Json
from mixer.adapter import needs_extra
from mixer.errors import MixerError

with needs_extra("opa"):
    from regopy import Interpreter, LogLevel, RegoError  # type: ignore[import-untyped]

_VARIABLE: Final = "answer"
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f]')


class PolicyError(MixerError):
    """Policies that don't compile; `str()` says why."""

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message)
        self.index = index
        """Which of the policies is at fault, if one is."""


class EvaluationError(MixerError):
    """Policies that give no value for a document; `str()` says why."""


class Engine:
    """Compiled policies, for one thread at a time."""

    def __init__(self, policies: Sequence[str], reference: str) -> None:
        """`reference` is that of a rule, such as `data.mixerauthz.allow`; raises PolicyError."""
        self._interpreter: Any = Interpreter()
        self._interpreter.log_level = LogLevel.NONE
        for index, policy in enumerate(policies):
            self._add(index, policy)
        self._bundle = self._interpreter.build(f"{_VARIABLE} = {reference}")
        if not self._bundle.ok():
            raise PolicyError("does not compile")

    def _add(self, index: int, policy: str) -> None:
        try:
            self._interpreter.add_module(f"policy[{index}]", policy)
        except RegoError as error:
            message = first_error(str(error), policy) or "does not compile"
            raise PolicyError(message, index) from error
        for name, line in called(policy):
            if not self._interpreter.is_builtin(name):
                raise PolicyError(
                    f"line {line}: there is no function {name} in this process", index
                )

    def evaluate(self, document: Mapping[str, Json]) -> object:
        """The value of the rule, None where it is undefined; raises EvaluationError."""
        try:
            self._interpreter.set_input(_escaped(document))
            output = self._interpreter.query_bundle(self._bundle)
        except json.JSONDecodeError as error:
            raise EvaluationError(first_error(error.doc, "") or "no JSON") from error
        except RegoError as error:
            raise EvaluationError(first_error(str(error), "") or "can't be worked out") from error
        if not output.ok():
            raise EvaluationError("policies contradict each other, or a function failed")
        return output.results[0].bindings.get(_VARIABLE) if output.results else None


def _escaped(value: Json) -> Json:
    if isinstance(value, str):
        if _ESCAPED.search(value):
            return json.dumps(value, ensure_ascii=False)[1:-1]
        return value
    if isinstance(value, Mapping):
        return {str(_escaped(key)): _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [str(_escaped(item)) for item in value]
    return value

"""Asks the policies."""

from collections import deque
from typing import Final

from prometheus_client import Counter

from adapters.opa.engine import Engine, EvaluationError
from adapters.opa.params import Params
from adapters.opa_document import answer, document
from mixer.adapter import CheckResult, Env
from mixer.template.authorization import Instance

_MAX_IDLE: Final = 16
"""How many engines are kept while nobody needs them; each is about a megabyte."""
_ERRORS: Final = Counter(
    "mixer_adapter_opa_evaluation_errors",
    "Requests for which the policies could not be worked out.",
    ("handler",),
)


class Handler:
    """Answers as the policies say. Safe for use by many threads: each call has an engine."""

    def __init__(self, params: Params, env: Env) -> None:
        """Compiles the policies; raises PolicyError."""
        self._params = params
        self._idle = deque((self._engine(),), maxlen=_MAX_IDLE)
        self._errors = _ERRORS.labels(env.handler)
        self._logger = env.logger

    def handle_authorization(self, instance: Instance) -> CheckResult:
        """OK or PERMISSION_DENIED."""
        return answer(self._value(instance), fail_close=self._params.fail_close)

    def _value(self, instance: Instance) -> object:
        """What the policies say; None where they say nothing."""
        try:
            engine = self._idle.pop()
        except IndexError:
            engine = self._engine()
        try:
            return engine.evaluate(document(instance))
        except EvaluationError as error:
            self._errors.inc()
            self._logger.debug("policies not worked out: %s", error)
            return None
        finally:
            self._idle.append(engine)

    def _engine(self) -> Engine:
        return Engine(self._params.policy, self._params.check_method)


def build(params: Params, env: Env) -> Handler:
    """Makes a handler."""
    return Handler(params, env)

"""The answers, and what is told of rules that are only tried out."""

import math
from typing import Final

from prometheus_client import Counter

from adapters.rbac.params import EnforcementMode, Params
from adapters.rbac.policy import Access, Policy
from mixer.adapter import CheckResult, Code, Env, Status
from mixer.template.authorization import Action, Instance

_PERMISSIVE: Final = Counter(
    "mixer_adapter_rbac_permissive",
    "Answers that would have been given, were it not for a permissive mode.",
    ("handler", "result"),
)
_DENIAL: Final = Status(code=Code.PERMISSION_DENIED, message="RBAC: permission denied.")
_LOG_INTERVAL_S: Final = 1.0
"""Between two lines of the log of a handler, which would else have one for each request."""


class Handler:
    """Answers from a policy. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Compiles the policy."""
        self._policy = Policy(params)
        self._passes_all = params.enforcement_mode is EnforcementMode.PERMISSIVE
        caching = params.cache_duration.seconds, params.valid_use_count
        self._ok = CheckResult(Status(), *caching)
        self._denied = CheckResult(_DENIAL, *caching)
        self._would_allow = _PERMISSIVE.labels(env.handler, "allowed")
        self._would_deny = _PERMISSIVE.labels(env.handler, "denied")
        self._now_s = env.clock.monotonic
        self._logger = env.logger
        self._next_line_s = -math.inf

    def handle_authorization(self, instance: Instance) -> CheckResult:
        """OK or PERMISSION_DENIED."""
        access = self._policy.access(instance)
        if self._passes_all:
            self._tell_of_all(access, instance)
            return self._ok
        if access is Access.GRANTED:
            return self._ok
        if access is Access.SHADOW:
            self._would_allow.inc()
            self._log("denied, and would be allowed by a permissive binding", instance)
        return self._denied

    def _tell_of_all(self, access: Access, instance: Instance) -> None:
        if access is Access.NONE:
            self._would_deny.inc()
            self._log("passes in permissive mode, and would be denied", instance)
        else:
            self._would_allow.inc()

    def _log(self, what: str, instance: Instance) -> None:
        """One line at most in a while. The path goes without its query, which may hold secrets."""
        now_s = self._now_s()
        if now_s < self._next_line_s:
            return
        self._next_line_s = now_s + _LOG_INTERVAL_S
        action = instance.action or Action()
        path = action.path.partition("?")[0]
        self._logger.info("%s: %s %s of %s", what, action.method, path, action.service)


def build(params: Params, env: Env) -> Handler:
    """Makes a handler."""
    return Handler(params, env)

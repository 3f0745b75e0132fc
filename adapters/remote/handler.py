"""One method for each template: makes a request of instances, and a result of the answer."""

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.call_out import PassesOn
from adapters.remote.client import Client, UnknownSessionError
from adapters.remote.config import adapter_config
from adapters.remote.params import Params
from adapters.remote.session import Configuration, Fixed, Session
from mixer.adapter import CheckResult, Env, QuotaArgs, QuotaResult, Variety
from mixer.template import kubernetes, lookup, quota
from mixer.template.wire import (
    METHODS,
    InstanceWriter,
    Method,
    read_check,
    read_output,
    read_quota,
)

_IDS: Final = 1 << 64


class _Service:
    """One template at the back end."""

    def __init__(self, method: Method, client: Client, env: Env) -> None:
        self.method: Final = method
        self.callee: Final = client.method(method.path, method.response)
        self.may_repeat: Final = method.template.variety is not Variety.REPORT
        self._writer = InstanceWriter(method.instance.DESCRIPTOR)
        self._types = {
            name: kind.fields
            for name, kind in env.instances.items()
            if kind.template == method.template.name
        }

    def write(self, message: Any, instance: Any) -> None:
        """Fills a message with an instance."""
        self._writer.write(message, instance, self._types.get(instance.name, {}))


class Handler(PassesOn):
    """Asks the back end.

    Every method raises UnavailableError when it is away or too slow, and RemoteError or AnswerError
    for what it says wrong.
    """

    def __init__(self, params: Params, env: Env) -> None:
        self._client = client = Client(params, env)
        config = adapter_config(params.params, params.config)
        self._config: Configuration = (
            Session(client, config, env) if params.session_based else Fixed(config)
        )
        self._services: Mapping[str, _Service] = {
            name: _Service(method, client, env) for name, method in METHODS.items()
        }
        # No two handlers count the same numbers, though not for secrecy.
        self._ids = itertools.count(random.randrange(_IDS))  # noqa: S311

    def handle_quota(self, instance: quota.Instance, args: QuotaArgs) -> QuotaResult:
        """Asks for an amount; the protocol has no place for `args.limit`."""
        service = self._services["quota"]
        request = service.method.request(dedup_id=args.deduplication_id or self._next_id())
        service.write(request.instance, instance)
        wanted = request.quota_request.quotas[instance.name]
        wanted.amount, wanted.best_effort = args.amount, args.best_effort
        return read_quota(self._call(service, request), instance.name)

    def generate_lookup(self, instance: lookup.Instance) -> lookup.Output:
        """Asks what is known of the key."""
        output: lookup.Output = read_output(self._ask("lookup", instance), lookup.Output)
        return output

    def generate_kubernetes(self, instance: kubernetes.Instance) -> kubernetes.Output:
        """Asks what is known of the pods."""
        answer = self._ask("kubernetes", instance)
        output: kubernetes.Output = read_output(answer, kubernetes.Output)
        return output

    def close(self) -> None:
        """Ends the session and the connections."""
        self._config.close()
        self._client.close()

    def _check(self, template: str, instance: Any) -> CheckResult:
        return read_check(self._ask(template, instance))

    def _ask(self, template: str, instance: Any) -> Any:
        service = self._services[template]
        request = service.method.request(dedup_id=self._next_id())
        service.write(request.instance, instance)
        return self._call(service, request)

    def _report(self, template: str, instances: Sequence[Any]) -> None:
        service = self._services[template]
        request = service.method.request(dedup_id=self._next_id())
        for instance in instances:
            service.write(request.instances.add(), instance)
        self._call(service, request)

    def _next_id(self) -> str:
        return str(next(self._ids) % _IDS)

    def _call(self, service: _Service, request: Any) -> Any:
        config = self._config.current()
        try:
            return self._send(service, request, config)
        except UnknownSessionError:
            # It has not looked at the request, so even a report may be sent again.
            if not self._config.forget(config):
                raise
            return self._send(service, request, self._config.current())

    def _send(self, service: _Service, request: Any, config: Any) -> Any:
        if config is not None:
            request.adapter_config.CopyFrom(config)
        return self._client.call(service.callee, request, may_repeat=service.may_repeat)

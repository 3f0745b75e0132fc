"""One method for each template: makes the JSON of instances, and a result of the answer."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.call_out import HttpClient, PassesOn, parsed
from adapters.webhook.answer import check_result, quota_result
from adapters.webhook.headers import Headers
from adapters.webhook.params import Params, target_of
from adapters.webhook.plain import plain
from mixer.adapter import CheckResult, Duration, Env, QuotaArgs, QuotaResult
from mixer.template import quota

TEMPLATES: Final = (*PassesOn.TEMPLATES, quota.TEMPLATE)


class Handler(PassesOn):
    """Asks the service.

    Every method raises UnavailableError when it is away or too slow, and AnswerError for what it
    says wrong.
    """

    def __init__(self, params: Params, env: Env) -> None:
        self._client = HttpClient(target_of(params), env, Headers(params, env.clock).of)
        self._name = env.handler

    def handle_quota(self, instance: quota.Instance, args: QuotaArgs) -> QuotaResult:
        """Asks for an amount."""
        wanted: dict[str, Any] = {"amount": args.amount, "bestEffort": args.best_effort}
        if args.limit is not None:
            window = str(Duration.from_seconds(args.limit.window_s))
            wanted["limit"] = {"maxAmount": args.limit.max_amount, "window": window}
        call_id = args.deduplication_id or _new_id()
        said = {"instance": plain(instance), "deduplicationId": call_id, "quota": wanted}
        return quota_result(parsed(self._post("quota", said, may_repeat=True)))

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def _check(self, template: str, instance: Any) -> CheckResult:
        said = {"instance": plain(instance), "deduplicationId": _new_id()}
        return check_result(parsed(self._post(template, said, may_repeat=True)))

    def _report(self, template: str, instances: Sequence[Any]) -> None:
        said = {
            "instances": [plain(instance) for instance in instances],
            "deduplicationId": _new_id(),
        }
        self._post(template, said, may_repeat=False)

    def _post(self, template: str, said: Mapping[str, Any], *, may_repeat: bool) -> bytes:
        whole = {"template": template, "handler": self._name, **said}
        body = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        # Clients may send halves of surrogate pairs, which no text in UTF-8 can hold.
        return self._client.post(body.encode(errors="replace"), may_repeat=may_repeat)


def _new_id() -> str:
    return uuid.uuid4().hex

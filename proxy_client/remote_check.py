"""One Check that goes to the server, and what its answer means for the caches and the request.

The flow is that of proxy 1.4 `src/istio/mixerclient/client_impl.cc`. Other than there, the policy's
answer is kept even if the call was only for quota: it is the latest there is.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from mixer.attribute.value import Value
from mixer.status import Code, Status
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse
from proxy_client.attempts import Attempts, Means
from proxy_client.check_cache import CheckCache
from proxy_client.compression import Compressor
from proxy_client.options import FailMode
from proxy_client.quota.decision import QuotaDecision
from proxy_client.transport import CheckOutcome, ProxyClientError
from proxy_client.verdict import Verdict


class Question(NamedTuple):
    """What is asked, and what is known already."""

    attributes: Mapping[str, Value]
    """They must not change until the answer is in."""
    quota: QuotaDecision
    known: Verdict | None
    """What the policy said before; None if that is not known."""
    deduplication_id: str


class RemoteCheck:
    """Asks, keeps what may be used again, and tells the verdict."""

    def __init__(
        self,
        means: Means,
        checks: CheckCache,
        compressor: Compressor,
        question: Question,
        on_verdict: Callable[[Verdict, bool], None],
    ) -> None:
        """`on_verdict` is also told whether the server answered at all."""
        self._means = means
        self._checks = checks
        self._compressor = compressor
        self._question = question
        self._on_verdict = on_verdict
        self._attempts = Attempts(means, self._make_request(), self._remake, self._take)

    def start(self) -> None:
        """Sends the call; the verdict may be told before this ends."""
        statistics = self._means.statistics
        if self._question.known is None:
            statistics.total_remote_check_calls += 1
        if self._question.quota.requests:
            statistics.total_remote_quota_calls += 1
        self._attempts.start()

    def cancel(self) -> None:
        """Ends the call; no verdict is told any more."""
        self._attempts.cancel()

    def _make_request(self) -> CheckRequest:
        request = self._compressor.check_request(self._question.attributes)
        request.deduplication_id = self._question.deduplication_id
        for quota in self._question.quota.requests:
            params = request.quotas[quota.name]
            params.amount, params.best_effort = quota.amount, quota.best_effort
        return request

    def _remake(self, error: ProxyClientError, sent: CheckRequest) -> CheckRequest | None:
        """The request in fewer global words, if it is these that the server refused."""
        if self._compressor.shrink(error, sent.global_word_count):
            return self._make_request()
        return None

    def _take(self, outcome: CheckOutcome) -> None:
        if isinstance(outcome, ProxyClientError):
            self._on_verdict(self._failed(outcome), False)
        else:
            self._on_verdict(self._answered(outcome), True)

    def _failed(self, error: ProxyClientError) -> Verdict:
        quota = self._question.quota
        quota.answered(None)
        known = self._question.known
        options = self._means.options
        mode = options.check_fail_mode if known is None else options.quota_fail_mode
        is_passed = mode is FailMode.OPEN
        self._count_check(is_accepted=is_passed)
        self._count_quota(is_accepted=is_passed)
        if is_passed:
            return known or Verdict()
        return self._denied(Status(code=error.code, message=error.details))

    def _answered(self, response: CheckResponse) -> Verdict:
        question = self._question
        is_fail_open = self._means.options.check_fail_mode is FailMode.OPEN
        latest = self._checks.store(question.attributes, response, is_fail_open=is_fail_open)
        policy = latest if question.known is None else question.known
        self._count_check(is_accepted=policy.is_ok)
        if not question.quota.requests:
            return policy
        if latest.is_ok:
            status = question.quota.answered(response.quotas)
        else:
            status = question.quota.policy_denied()
        self._count_quota(is_accepted=status.code == Code.OK)
        return policy if status.code == Code.OK or not policy.is_ok else self._denied(status)

    def _denied(self, status: Status) -> Verdict:
        return Verdict(status, check_cache_hit=self._question.known is not None)

    def _count_check(self, *, is_accepted: bool) -> None:
        if self._question.known is None:
            if is_accepted:
                self._means.statistics.total_remote_check_accepts += 1
            else:
                self._means.statistics.total_remote_check_denies += 1

    def _count_quota(self, *, is_accepted: bool) -> None:
        if self._question.quota.requests:
            if is_accepted:
                self._means.statistics.total_remote_quota_accepts += 1
            else:
                self._means.statistics.total_remote_quota_denies += 1

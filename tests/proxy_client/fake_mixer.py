"""A Mixer without a network: its calls are answered when, and how, the test says."""

from mixer.attribute.dictionary import GLOBAL_INDEX
from protos.mixer.v1.mixer_pb2 import CheckResponse, ReferencedAttributes, ReportResponse
from proxy_client.client import Environment, MixerClient
from proxy_client.options import ClientOptions
from proxy_client.transport import ClosedError, Code, DeadlineError, RefusedError, UnreachableError

UNREACHABLE = UnreachableError(Code.UNAVAILABLE, "nobody there")
TOO_LATE = DeadlineError(Code.DEADLINE_EXCEEDED, "too late")
REFUSED = RefusedError(Code.INTERNAL, "broken")
CLOSED = ClosedError(Code.UNAVAILABLE, "closed")


def answer(code=0, message="", *, uses=1000, by=(), quotas=None, valid_s=None):
    """A response that depends on the attributes `by`; `quotas` are granted amounts by name."""
    response = CheckResponse()
    response.precondition.status.code = code
    response.precondition.status.message = message
    response.precondition.valid_use_count = uses
    if valid_s is not None:
        response.precondition.valid_duration.FromMilliseconds(round(valid_s * 1000))
    for name in by:
        response.precondition.referenced_attributes.attribute_matches.add(
            name=GLOBAL_INDEX[name], condition=ReferencedAttributes.EXACT
        )
    for name, amount in (quotas or {}).items():
        response.quotas[name].granted_amount = amount
        response.quotas[name].valid_duration.FromSeconds(10)
    return response


def granting(request):
    """Lets the request pass, and grants all that is asked for."""
    return answer(quotas={name: asked.amount for name, asked in request.quotas.items()})


class Call:
    """A Check that is under way."""

    def __init__(self, request, timeout_s, on_done):
        self.request = request
        self.timeout_s = timeout_s
        self.is_cancelled = False
        self._on_done = on_done

    def end(self, outcome):
        """Brings an answer, or the error that came in its place."""
        on_done, self._on_done = self._on_done, None
        if on_done is not None:
            on_done(outcome)

    def cancel(self):
        self.is_cancelled = self._on_done is not None
        self.end(UnreachableError(Code.CANCELLED, "cancelled"))


class FakeMixer:
    """A transport. With `respond`, a function of the request, calls are answered at once."""

    def __init__(self, respond=None):
        self.respond = respond
        self.calls = []
        self.reports = []
        self.is_closed = False

    def check(self, request, timeout_s, on_done):
        call = Call(request, timeout_s, on_done)
        self.calls.append(call)
        if self.is_closed:
            call.end(CLOSED)
        elif self.respond is not None:
            call.end(self.respond(request))
        return call.cancel

    def report(self, request, timeout_s):
        if self.is_closed:
            raise CLOSED
        self.reports.append(request)
        return ReportResponse()

    def close(self):
        self.is_closed = True
        for call in self.calls:
            call.end(CLOSED)

    @property
    def last(self):
        """The request that came last."""
        return self.calls[-1].request


class FakeTimers:
    """Waits that end when the test says so."""

    def __init__(self):
        self.waits_s = []
        self.waiting = []

    def start(self, seconds, call):
        self.waits_s.append(seconds)
        self.waiting.append(call)
        return lambda: call in self.waiting and self.waiting.remove(call)

    def elapse(self):
        """Lets all that waits now go on."""
        waiting, self.waiting = self.waiting, []
        for call in waiting:
            call()

    close = elapse


def client_of(mixer, environment=None, **options):
    """A client that calls `mixer`."""
    return MixerClient(lambda: mixer, ClientOptions(**options), environment or Environment())


def counted(client, *names):
    """The counts with these names, without the `total_` in front."""
    counts = client.statistics.snapshot()
    return {name: counts[f"total_{name}"] for name in names}


def non_zero(client):
    """All counts that are not 0, without the `total_` in front."""
    counts = client.statistics.snapshot()
    return {name.removeprefix("total_"): count for name, count in counts.items() if count}


def hold_invariants(client):
    """Whether the counters fit together, when nothing was cancelled and nothing is under way."""
    c = client.statistics
    results = (
        c.total_remote_call_successes
        + c.total_remote_call_timeouts
        + c.total_remote_call_send_errors
        + c.total_remote_call_other_errors
    )
    hit_results = c.total_check_cache_hit_accepts + c.total_check_cache_hit_denies
    quota_hit_results = c.total_quota_cache_hit_accepts + c.total_quota_cache_hit_denies
    quota_misses = c.total_quota_cache_misses
    remote_results = c.total_remote_check_accepts + c.total_remote_check_denies
    remote_quota_results = c.total_remote_quota_accepts + c.total_remote_quota_denies
    return (
        c.total_check_calls == c.total_check_cache_hits + c.total_check_cache_misses
        and c.total_check_cache_hits == hit_results
        and c.total_quota_calls == c.total_quota_cache_hits + quota_misses
        and c.total_quota_cache_hits == quota_hit_results
        and c.total_check_cache_misses == c.total_remote_check_calls + c.total_check_calls_shared
        and c.total_remote_check_calls == remote_results
        and c.total_remote_quota_calls == quota_misses + c.total_remote_quota_prefetch_calls
        and c.total_remote_quota_calls == remote_quota_results
        and c.total_remote_calls + c.total_remote_call_retries == results
    )

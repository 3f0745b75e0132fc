"""An adapter in a process of its own answers as it does in Mixer's."""

import time
from dataclasses import dataclass

import pytest

from adapters.denier import INFO as DENIER
from adapters.memquota import INFO as MEMQUOTA
from adapters.noop import INFO as NOOP
from adapters.remote import INFO as REMOTE
from adapters.remote import Params
from mixer.adapter import (
    CheckResult,
    Duration,
    Info,
    InstanceType,
    QuotaArgs,
    QuotaResult,
    Status,
    UnavailableError,
)
from mixer.adapter.testing import start
from mixer.errors import MixerError
from mixer.server.adapter_server import AdapterServer
from mixer.template import authorization, checknothing, logentry, lookup, metric, quota, tracespan
from tests.patience import SOON_S

LONG = Duration.parse("10s")
VISIT = checknothing.Instance(name="visit")


@dataclass(frozen=True)
class Nothing:
    """No params."""


class Spy:
    """Keeps what it is asked."""

    def __init__(self):
        self.asked = []

    def handle_authorization(self, instance):
        self.asked.append(instance)
        return CheckResult(valid_use_count=1)

    def handle_checknothing(self, instance):
        raise UnavailableError("gone")

    def generate_lookup(self, instance):
        return (
            lookup.Output(value="", fields={"a": "b"}) if instance.key == "k" else lookup.Output()
        )

    def handle_tracespan(self, instances):
        self.asked += instances

    def handle_logentry(self, instances):
        raise RuntimeError("broken")


def spy_info(spy):
    templates = (authorization, checknothing, tracespan, logentry, lookup)
    return Info(
        name="spy",
        description="Keeps what it is asked.",
        templates=tuple(one.TEMPLATE for one in templates),
        params=Nothing,
        build=lambda _params, _env: spy,
    )


@pytest.fixture(params=[False, True], ids=["params with calls", "sessions"])
def asked(request):
    """A handler that asks an adapter in another place, with these params."""

    class Asked:
        def __init__(self, info, params=None, instances=None):
            self._server = AdapterServer(info, "127.0.0.1:0")
            self._params = params
            self._instances = instances or {}

        def __enter__(self):
            address = self._server.__enter__().address
            params = Params(
                address=address, params=self._params, timeout=LONG, session_based=request.param
            )
            self._started = start(REMOTE, params, instances=self._instances)
            return self._started.__enter__()

        def __exit__(self, *error):
            self._started.__exit__(*error)
            self._server.__exit__(*error)

    return Asked


def test_a_denial_comes_through(asked):
    params = {"status": {"code": 7, "message": "no"}, "validDuration": "7s", "validUseCount": 77}
    with asked(DENIER, params) as handler:
        assert handler.handle_checknothing(VISIT) == CheckResult(
            Status(code=7, message="no"), 7.0, 77
        )


def test_all_kinds_of_instances_come_through_as_they_are(asked):
    spy = Spy()
    subject = authorization.Subject(
        user="u", properties={"n": 1, "f": 1.5, "b": False, "m": {"a": "b"}}
    )
    question = authorization.Instance(name="a", subject=subject)
    span = tracespan.Instance(
        name="s", http_status_code=200, source_ip=b"\x7f\x00\x00\x01", client_span=True
    )
    with asked(spy_info(spy)) as handler:
        assert handler.handle_authorization(question) == CheckResult(valid_use_count=1)
        handler.handle_tracespan([span, span])
    assert spy.asked == [question, span, span]


def test_quotas_are_counted_over_there(asked):
    params = {"quotas": [{"name": "q", "max_amount": 2, "valid_duration": "60s"}]}
    types = {"q": InstanceType(template="quota", fields={})}
    with asked(MEMQUOTA, params, types) as handler:
        results = [
            handler.handle_quota(quota.Instance(name="q"), QuotaArgs(call, 1, best_effort=False))
            for call in ("a", "a", "b", "c")
        ]
    # the clock over there is a real one, and what is sent again lasts a moment less
    assert results[0] == QuotaResult(amount=1, valid_duration_s=60.0)
    assert [result.amount for result in results] == [1, 1, 1, 0]


def test_what_a_generator_knows_comes_through(asked):
    with asked(spy_info(Spy())) as handler:
        found = handler.generate_lookup(lookup.Instance(name="n", key="k"))
        missed = handler.generate_lookup(lookup.Instance(name="n", key="x"))
    assert (found, missed) == (lookup.Output(value="", fields={"a": "b"}), lookup.Output())


def test_reports_come_through(asked):
    with asked(NOOP) as handler:
        assert handler.handle_metric([metric.Instance(name="m", value=1)]) is None


def test_failures_say_what_they_are(asked):
    with asked(spy_info(Spy())) as handler:
        with pytest.raises(UnavailableError, match="UNAVAILABLE: UnavailableError: gone"):
            handler.handle_checknothing(VISIT)
        with pytest.raises(MixerError, match="INTERNAL: RuntimeError: broken"):
            handler.handle_logentry([logentry.Instance(name="l")])


def test_bad_params_are_refused_with_the_adapters_own_words(asked):
    with (
        asked(DENIER, {"statu": {}}) as handler,
        pytest.raises(MixerError, match="INVALID_ARGUMENT: .*statu"),
    ):
        handler.handle_checknothing(VISIT)


def test_a_template_that_the_adapter_lacks_is_not_there(asked):
    with asked(DENIER) as handler, pytest.raises(MixerError, match="UNIMPLEMENTED"):
        handler.handle_metric([metric.Instance(name="m")])


def until_it_answers(handler):
    end_s = time.monotonic() + SOON_S
    while True:
        try:
            return handler.handle_checknothing(VISIT)
        except UnavailableError:
            assert time.monotonic() < end_s
            time.sleep(0.02)


def test_a_session_survives_the_server():
    with AdapterServer(DENIER, "127.0.0.1:0") as server:
        address = server.address
        params = Params(address=address, timeout=LONG, session_based=True, retry_percent=100)
        with start(REMOTE, params) as handler:
            first = handler.handle_checknothing(VISIT)
            server.__exit__(None, None, None)
            with AdapterServer(DENIER, address):
                second = until_it_answers(handler)
    assert second == first


def test_an_address_that_is_taken_is_an_error():
    with (
        AdapterServer(NOOP, "127.0.0.1:0") as server,
        pytest.raises(OSError, match="can't listen on"),
    ):
        AdapterServer(NOOP, server.address)

"""What happens to requests when a filter fails, runs out of memory, or traps."""

import time

import pytest

from mixer.envoy.binary import EnvoyError
from tests.e2e.probe import probed
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy


def statuses(probe, *asked):
    return [probe.ask(what).status for what in asked]


def details_log(folder):
    path = "envoy.extensions.access_loggers.file.v3.FileAccessLog"
    text = {"text_format_source": {"inline_string": "%RESPONSE_CODE_DETAILS%\n"}}
    return {
        "name": "file",
        "typed_config": {
            "@type": f"type.googleapis.com/{path}",
            "path": str(folder / "details"),
            "log_format": text,
        },
    }


def test_a_failure_denies_one_request(tmp_path):
    with probed(manager={"access_log": [details_log(tmp_path)]}) as probe:
        assert statuses(probe, "fail", "", "fail") == [503, 200, 503]
        assert probe.envoy.log.count("wasm_internal_failure") == 1
    details = (tmp_path / "details").read_text().split()
    assert details == ["wasm_internal_failure", "via_upstream", "wasm_internal_failure"]


def test_a_failure_lets_one_request_pass_when_the_mode_is_open():
    with probed("open") as probe:
        answer = probe.ask("fail")
        assert answer.status == 200
        assert answer.header("x-probe") == []  # no more callbacks for this stream
        assert probe.ask().header("x-probe") == ["seen"]


@pytest.mark.parametrize(("configuration", "status"), [("", 503), ("open", 200)])
def test_memory_that_runs_out_is_a_failure_like_others(configuration, status):
    with probed(configuration) as probe:
        assert statuses(probe, "fill 1", "fill 8", "", "fill 1") == [200, status, 200, 200]
        assert "wasm_out_of_memory" in probe.envoy.log
        assert "failed:" not in probe.envoy.log


def test_memory_that_runs_out_at_the_response_leaves_the_response_alone():
    with probed() as probe:
        assert statuses(probe, "late-fill 8", "") == [200, 200]
        assert "wasm_out_of_memory" in probe.envoy.log


def test_memory_stays_flat_over_many_requests():
    with probed() as probe:
        headers = [("x-large", "x" * 30_000)]
        for _ in range(500):  # together twice the VM's limit
            assert probe.ask("headers", headers).status == 200
        assert "wasm_out_of_memory" not in probe.envoy.log


def test_a_trap_closes_the_filter_for_good():
    with probed(failure_policy="FAIL_CLOSED") as probe:
        assert statuses(probe, "", "trap", "", "") == [200, 503, 503, 503]
        assert "asked to trap" in probe.envoy.log


def test_a_trap_denies_its_own_request_even_when_the_policy_is_open():
    with probed(failure_policy="FAIL_OPEN") as probe:
        assert statuses(probe, "", "trap", "", "fail") == [200, 503, 200, 200]


@pytest.mark.parametrize("what", ["trap", "overflow"])
def test_after_a_trap_a_new_vm_is_started_where_the_policy_says_so(what):
    with probed(failure_policy="FAIL_RELOAD") as probe:
        assert statuses(probe, what, "") == [503, 503]
        deadline = time.monotonic() + SOON_S
        while probe.ask().status != 200:
            assert time.monotonic() < deadline
        stats = probe.envoy.stats("vm_reload_success")
        assert stats == {"wasm.probe.vm_reload_success": 1}
        assert probe.ask().header("x-probe") == ["seen"]


def test_a_configuration_that_is_refused_keeps_envoy_from_starting():
    with pytest.raises(EnvoyError, match="Unable to create Wasm"), probed("refuse"):
        pass

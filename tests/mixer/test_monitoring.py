"""What Mixer measures of itself, as a scrape shows it after a Check and a Report."""

import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mixer import monitoring
from mixer.monitoring import Tally, dispatch_tally
from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of
from tests.integration.wire import REPORT, check_request, report_request, serving
from tests.patience import SOON_S

FROM_MIXER = {
    "mixer_config_attributes_total": "gauge",
    "mixer_config_handler_configs_total": "gauge",
    "mixer_config_instance_configs_total": "gauge",
    "mixer_config_rule_configs_total": "gauge",
    "mixer_config_rule_config_errors_total": "gauge",
    "mixer_config_instance_config_errors_total": "gauge",
    "mixer_config_handler_validation_error_total": "gauge",
    "mixer_config_unsatisfied_action_handler_total": "gauge",
    "mixer_handler_new_handlers_total": "gauge",
    "mixer_handler_reused_handlers_total": "gauge",
    "mixer_handler_handler_build_failures_total": "gauge",
    "mixer_handler_closed_handlers": "counter",
    "mixer_handler_handler_close_failures": "counter",
    "mixer_dispatcher_destinations_per_variety_total": "gauge",
    "mixer_dispatcher_destinations_per_request": "histogram",
    "mixer_dispatcher_instances_per_request": "histogram",
    "mixer_runtime_dispatches": "counter",
    "mixer_runtime_dispatch_duration_seconds": "histogram",
    "mixer_loadshedding_requests_throttled": "counter",
}
OURS = {
    "mixer_config_reloads": "counter",
    "mixer_config_is_current": "gauge",
    "mixer_match_failures": "counter",
    "mixer_instance_failures": "counter",
    "mixer_requests": "counter",
    "mixer_handler_calls_refused": "counter",
    "mixer_handler_calls_timed_out": "counter",
    "mixer_handler_breaker_open": "gauge",
    "mixer_rule_errors": "counter",
    "mixer_streams": "gauge",
    "mixer_access_log_entries": "counter",
    "mixer_access_log_unreadable_messages": "counter",
}
NAMESPACE = "monitored"
"""Of the handlers here, to tell their series from those of other tests."""


def scraped(server):
    url = f"http://{server.monitoring_address}/metrics"
    with urllib.request.urlopen(url, timeout=SOON_S) as answer:
        return {
            family.name: family for family in text_string_to_metric_families(answer.read().decode())
        }


@pytest.fixture(scope="module")
def families(tmp_path_factory):
    """The metrics after two Checks, the first with a quota, and a Report of two bags."""
    folder = tmp_path_factory.mktemp("monitoring")
    config = folder / "config"
    config.mkdir()
    documents = (
        handler("deny", "denier", namespace=NAMESPACE, status={"code": 0}),
        handler("nowhere", "noop", namespace=NAMESPACE),
        instance("i", namespace=NAMESPACE),
        instance("rc", "quota", namespace=NAMESPACE),
        instance("seen", "reportnothing", namespace=NAMESPACE),
        rule("r", ("deny", "i"), ("nowhere", "rc", "seen"), namespace=NAMESPACE),
    )
    (config / "all.yaml").write_text(yaml_of(MANIFEST, *documents))
    where = {"destination.namespace": NAMESPACE}
    with serving(config, folder, monitoring_address="127.0.0.1:0") as (server, client):
        client.check(where, quotas={"rc": {"amount": 1}})
        client.send("/istio.mixer.v1.Mixer/Check", check_request(where))
        client.send(REPORT, report_request(where, where))
        yield scraped(server)


@pytest.mark.parametrize(("name", "kind"), (FROM_MIXER | OURS).items())
def test_every_metric_is_there_with_its_type(families, name, kind):
    assert families[name].type == kind
    assert families[name].documentation


def samples(family, suffix=""):
    """Values by labels, in the order of the labels' names."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for sample in family.samples
        if sample.name == family.name + suffix
    }


def test_values_of_the_configuration_are_of_the_latest(families):
    names = (
        "rule_configs_total",
        "handler_configs_total",
        "instance_configs_total",
        "attributes_total",
    )
    assert [samples(families[f"mixer_config_{name}"])[()] for name in names] == [1, 2, 3, 13]
    assert samples(families["mixer_config_is_current"]) == {(): 1}
    assert samples(families["mixer_dispatcher_destinations_per_variety_total"]) == {
        ("TEMPLATE_VARIETY_CHECK",): 1,
        ("TEMPLATE_VARIETY_QUOTA",): 1,
        ("TEMPLATE_VARIETY_REPORT",): 1,
        ("TEMPLATE_VARIETY_ATTRIBUTE_GENERATOR",): 0,
    }


def test_dispatches_are_counted_by_template_handler_adapter_and_error(families):
    family = families["mixer_runtime_dispatches"]
    counts = samples(family, "_total")
    assert {labels: count for labels, count in counts.items() if NAMESPACE in labels[2]} == {
        ("denier", "false", f"deny.{NAMESPACE}", "checknothing"): 2,
        ("noop", "false", f"nowhere.{NAMESPACE}", "quota"): 1,
        ("noop", "false", f"nowhere.{NAMESPACE}", "reportnothing"): 1,
    }
    assert set(family.samples[0].labels) == {"adapter", "error", "handler", "meshFunction"}


def test_bounds_of_the_histograms_are_those_of_the_original(families):
    def bounds(name):
        return {s.labels["le"] for s in families[name].samples if s.name.endswith("_bucket")}

    per_request = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "10", "15", "20", "+Inf"}
    assert bounds("mixer_dispatcher_destinations_per_request") == per_request
    assert bounds("mixer_dispatcher_instances_per_request") == per_request
    seconds = (
        "0.0001 0.00025 0.0005 0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0"
    )
    assert bounds("mixer_runtime_dispatch_duration_seconds") == {*seconds.split(), "+Inf"}


class TestTally:
    def test_buckets_are_cumulative_and_include_their_bound(self):
        tally = Tally((1, 2, 5))
        for sample in (0.5, 1, 1.5, 5, 9):
            tally.add(sample)
        assert tally.buckets() == [("1", 2), ("2", 3), ("5", 4), ("+Inf", 5)]
        assert tally.sum == 17

    def test_an_empty_one_has_all_its_buckets(self):
        assert Tally((1,)).buckets() == [("1", 0), ("+Inf", 0)]


def test_one_destination_has_one_tally_for_ever():
    first = dispatch_tally("t", "h", "a")
    assert dispatch_tally("t", "h", "a") is first
    assert dispatch_tally("t", "h2", "a") is not first
    assert first.labels == ("t", "h", "a")


def test_all_names_begin_alike():
    families = {
        family.name
        for family in monitoring.REGISTRY.collect()
        if family.name.startswith("mixer") and not family.name.startswith("mixer_adapter_")
    }
    assert families == FROM_MIXER.keys() | OURS.keys()

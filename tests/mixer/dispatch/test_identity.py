"""Whose rules apply (protocol.md 4.1)."""

import pytest

from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest
from mixer.runtime import RuntimeOptions
from mixer.template import quota
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

KIND, DESTINATION, SOURCE = "context.reporter.kind", "destination.namespace", "source.namespace"
BOTH = {DESTINATION: "ns1", SOURCE: "ns2"}

CASES = [
    # the destination's, unless the proxy says otherwise
    ({}, ["istio-system"], {(KIND, False), (DESTINATION, False)}),
    (BOTH, ["istio-system", "ns1"], {(KIND, False), (DESTINATION, True)}),
    ({**BOTH, KIND: "inbound"}, ["istio-system", "ns1"], {(KIND, True), (DESTINATION, True)}),
    ({**BOTH, KIND: "outbound"}, ["istio-system", "ns2"], {(KIND, True), (SOURCE, True)}),
    ({KIND: "outbound"}, ["istio-system"], {(KIND, True), (SOURCE, False)}),
    # any other word: nobody's, so just the default ones
    ({**BOTH, KIND: "sideways"}, ["istio-system"], {(KIND, True)}),
    ({**BOTH, KIND: ""}, ["istio-system"], {(KIND, True)}),
    # what is no string is as if it were absent, but has been read
    ({**BOTH, KIND: 1}, ["istio-system", "ns1"], {(KIND, True), (DESTINATION, True)}),
    ({DESTINATION: 7}, ["istio-system"], {(KIND, False), (DESTINATION, True)}),
    ({DESTINATION: "nowhere"}, ["istio-system"], {(KIND, False), (DESTINATION, True)}),
    ({DESTINATION: ""}, ["istio-system"], {(KIND, False), (DESTINATION, True)}),
    # rules of the default namespace apply once
    ({DESTINATION: "istio-system"}, ["istio-system"], {(KIND, False), (DESTINATION, True)}),
]


@pytest.fixture
def spied():
    """A spy with a handler in each namespace, and the dispatcher."""
    spy = Spy()
    documents = []
    for namespace in ("istio-system", "ns1", "ns2"):
        documents += [
            handler("h", namespace=namespace),
            instance("c", namespace=namespace),
            instance("q", "quota", namespace=namespace),
            instance("seen", "reportnothing", namespace=namespace),
            rule("r", ("h", "c", "q", "seen"), namespace=namespace),
        ]
    return spy, runtime_of(spy, *documents).dispatcher


@pytest.mark.parametrize(("attributes", "namespaces", "references"), CASES)
def test_a_check_asks_the_default_namespace_and_then_that_of_the_request(
    spied, attributes, namespaces, references
):
    spy, dispatcher = spied

    verdict = dispatcher.check(MappingBag(attributes))

    assert [name for name, _ in spy.calls] == [f"h.{namespace}" for namespace in namespaces]
    assert {(name, is_present) for name, _, is_present in verdict.references} == references


@pytest.mark.parametrize(("attributes", "namespaces", "_references"), CASES)
def test_a_report_goes_to_the_same(spied, attributes, namespaces, _references):
    spy, dispatcher = spied

    dispatcher.report([MappingBag(attributes)])

    assert [name for name, _ in spy.calls] == [f"h.{namespace}" for namespace in namespaces]


@pytest.mark.parametrize(("attributes", "namespaces", "references"), CASES)
def test_so_does_a_quota_which_references_the_same(spied, attributes, namespaces, references):
    spy, dispatcher = spied

    verdict = dispatcher.check(MappingBag(attributes), [QuotaRequest("q", 1)])

    asked = [name for name, what in spy.calls if isinstance(what[0], quota.Instance)]
    assert asked == [f"h.{namespace}" for namespace in namespaces]
    found = verdict.quotas["q"].references
    assert {(name, is_present) for name, _, is_present in found} == references


def test_another_default_namespace_can_be_set():
    spy = Spy()
    runtime = runtime_of(
        spy,
        handler("h", namespace="policies"),
        instance("i", namespace="policies"),
        rule("r", ("h", "i"), namespace="policies"),
        handler("h"),
        instance("i"),
        rule("r", ("h", "i")),
        options=RuntimeOptions(default_namespace="policies"),
    )

    runtime.dispatcher.check(MappingBag({}))

    assert [name for name, _ in spy.calls] == ["h.policies"]

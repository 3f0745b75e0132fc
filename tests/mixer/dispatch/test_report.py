"""Reports: everything that can be delivered is, in one call for each destination."""

import pytest

from mixer.attribute.bag import MappingBag
from mixer.errors import DispatchError, RequestError
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

SIZES = (handler("h"), instance("size", "metric", value="request.size"), rule("r", ("h", "size")))


def bags(*sizes):
    return [MappingBag({} if size is None else {"request.size": size}) for size in sizes]


def values(spy, handler="h.istio-system"):
    """What the handler was sent, call by call."""
    return [[sample.value for sample in samples] for samples in spy.asked(handler)]


def failure(dispatcher, reported):
    with pytest.raises(DispatchError) as raised:
        dispatcher.report(reported)
    return str(raised.value)


def test_a_destination_gets_all_instances_of_all_bags_in_one_call():
    spy = Spy()
    runtime_of(spy, *SIZES).dispatcher.report(bags(1, 2, 3))
    assert values(spy) == [[1, 2, 3]]


def test_instances_of_several_rules_to_one_destination_go_together():
    spy = Spy()
    more = instance("double", "metric", value="request.size + request.size")
    doubled = rule("s", ("h", "double"), match="request.size > 1")
    runtime_of(spy, *SIZES, more, doubled).dispatcher.report(bags(1, 2))
    assert values(spy) == [[1, 2, 4]]


def test_templates_of_one_handler_and_handlers_of_one_template_are_different_destinations():
    spy = Spy()
    runtime = runtime_of(
        spy,
        handler("g"),
        handler("h"),
        instance("size", "metric", value="request.size"),
        instance("seen", "reportnothing"),
        rule("r", ("h", "size", "seen"), ("g", "size")),
    )

    runtime.dispatcher.report(bags(1, 2))

    assert sorted((name, len(asked)) for name, asked in spy.calls) == [
        ("g.istio-system", 2),
        ("h.istio-system", 2),
        ("h.istio-system", 2),
    ]


def test_check_rules_are_not_asked():
    spy = Spy()
    checks = (handler("c"), instance("i"), rule("c", ("c", "i")))
    runtime_of(spy, *SIZES, *checks).dispatcher.report(bags(1))
    assert spy.asked("c.istio-system") == []


def test_a_report_of_nothing_is_fine():
    spy = Spy()
    runtime_of(spy, *SIZES).dispatcher.report([])
    assert spy.calls == []


def test_an_instance_that_cannot_be_made_costs_itself():
    spy = Spy()
    also = instance("seen", "metric", value="1")
    runtime = runtime_of(spy, *SIZES, also, rule("s", ("h", "seen")))

    text = failure(runtime.dispatcher, bags(1, None, 3))

    assert values(spy) == [[1, 1, 1, 3, 1]]
    assert text == (
        "1 error occurred:\n\n"
        "* evaluation failed at [size.instance.istio-system]'Value': "
        "'lookup failed: 'request.size''"
    )


def test_instances_of_one_action_fail_one_by_one():
    spy = Spy()
    runtime = runtime_of(
        spy,
        handler("h"),
        instance("size", "metric", value="request.size"),
        instance("one", "metric", value="1"),
        rule("r", ("h", "size", "one")),
    )

    failure(runtime.dispatcher, bags(None, 2))

    assert values(spy) == [[1, 2, 1]]


def test_a_bag_that_cannot_be_read_costs_itself():
    spy = Spy()
    text = failure(
        runtime_of(spy, *SIZES).dispatcher, [*bags(1), RequestError("bad bag"), *bags(3)]
    )
    assert values(spy) == [[1, 3]]
    assert text == "1 error occurred:\n\n* bad bag"


def test_a_handler_that_fails_costs_its_own_delivery():
    spy = Spy(answers={"a.istio-system": ValueError("no number")})
    runtime = runtime_of(
        spy,
        handler("a"),
        handler("b"),
        instance("size", "metric", value="request.size"),
        rule("r", ("a", "size"), ("b", "size")),
    )

    text = failure(runtime.dispatcher, bags(1))

    assert values(spy, "b.istio-system") == [[1]]
    assert text == (
        "1 error occurred:\n\n* failed to report all values: a.istio-system: ValueError: no number"
    )


def test_all_that_goes_wrong_is_told():
    spy = Spy(answers={"h.istio-system": "not None"})
    text = failure(runtime_of(spy, *SIZES).dispatcher, [*bags(1, None), RequestError("bad bag")])
    assert text.startswith("3 errors occurred:\n\n")
    assert "handle_metric returned str" in text
    assert "bad bag" in text
    assert "'request.size'" in text

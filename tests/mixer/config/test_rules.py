"""Rules: what is wrong with them, and what of them can be used all the same."""

import pytest

from mixer.runtime import check_contents
from tests.integration.documents import DEFAULT, contents, document, handler, instance
from tests.integration.spy import Registry, Spy

HERE = f"rule/{DEFAULT}/r"
AROUND = (
    handler("h", "denier"),
    instance("i"),
    instance("j"),
    instance("m", "metric", value="1"),
    handler("elsewhere", "denier", namespace="other"),
    instance("elsewhere", namespace="other"),
)
ACTION = {"handler": "h", "instances": ["i"]}


def compiled(spec, annotations=None):
    written = dict(document("rule", "r", spec))
    written["metadata"] = {**written["metadata"], "annotations": annotations or {}}
    return check_contents(contents(*AROUND, written), Registry(Spy().info))


def errors_of(spec):
    return [(error.place, error.message) for error in compiled(spec).errors]


def with_actions(*actions):
    return {"actions": list(actions)}


def with_match(text):
    return {"match": text, "actions": [ACTION]}


def with_headers(**operation):
    return {"requestHeaderOperations": [operation], "actions": [ACTION]}


TYPE = "col 1: expression '{}' evaluated to type {}, expected type {}"
WRONG = [
    # nothing to do
    ({}, "", "has no actions and no header operations"),
    ({"match": "true"}, "", "has no actions and no header operations"),
    # match
    (with_match("nosuch"), "match", "col 1: unknown attribute nosuch"),
    (
        with_match("source.nam == source.name"),
        "match",
        'col 1: unknown attribute source.nam (did you mean "source.name"?)',
    ),
    (with_match("source.name"), "match", TYPE.format("source.name", "STRING", "BOOL")),
    (with_match("source.name ="), "match", "col 13: expected '==', found '='"),
    (
        with_match("response.duration == response.duration"),
        "match",
        "col 19: DURATION does not support ==",
    ),
    # actions
    (with_actions({}), "actions[0].handler", "is missing"),
    (with_actions({"handler": "h"}), "actions[0].instances", "is empty"),
    (with_actions({**ACTION, "handler": "g"}), "actions[0].handler", 'no handler "g"'),
    (
        with_actions({**ACTION, "handler": "elsewhere"}),
        "actions[0].handler",
        'no handler "elsewhere"',
    ),
    (
        with_actions(ACTION, {"handler": "h", "instances": ["i", "k"]}),
        "actions[1].instances[1]",
        'no instance "k"',
    ),
    (
        with_actions({"handler": "h", "instances": ["i", f"i.{DEFAULT}"]}),
        "actions[0].instances[1]",
        f'instance "i.{DEFAULT}" stands here twice',
    ),
    (
        with_actions({"handler": "h", "instances": ["m"]}),
        "actions[0].instances[0]",
        f'instance "m" is of template metric, which handler "h.{DEFAULT}" of adapter denier '
        "does not take",
    ),
    # header operations
    (with_headers(values=['"1"']), "requestHeaderOperations[0].name", "is missing"),
    (
        with_headers(name="x", values=['"1"', "request.size"]),
        "requestHeaderOperations[0].values[1]",
        TYPE.format("request.size", "INT64", "STRING"),
    ),
    (
        with_headers(name="x", values=["act.output.value"]),
        "requestHeaderOperations[0].values[0]",
        "col 1: unknown attribute act.output.value",
    ),
    (
        with_headers(name="x", operation="DROP"),
        "requestHeaderOperations[0].operation",
        'want one of REPLACE, REMOVE, APPEND; got the string "DROP"',
    ),
    (
        {"responseHeaderOperations": [{"name": "x", "values": ["nosuch"]}], "actions": [ACTION]},
        "responseHeaderOperations[0].values[0]",
        "col 1: unknown attribute nosuch",
    ),
    # what the original ignores, and what it does not know
    (
        {"sampling": {"random": {}}, "actions": [ACTION]},
        "sampling",
        "no version of Mixer ever sampled; remove it",
    ),
    (
        {"mach": "true", "actions": [ACTION]},
        "mach",
        'unknown field "mach" (did you mean "match"?)',
    ),
]


@pytest.mark.parametrize(("spec", "field", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_place(spec, field, message):
    assert errors_of(spec) == [(f"{HERE}: {field}" if field else HERE, message)]


def test_another_language_is_refused_and_the_rule_left_out():
    snapshot = compiled(with_actions(ACTION), annotations={"policy.istio.io/lang": "CEL"})
    ((place, message),) = ((error.place, error.message) for error in snapshot.errors)
    assert place == HERE
    assert message == "annotation policy.istio.io/lang: CEL is not supported, only CEXL is"
    assert snapshot.rules == ()


@pytest.mark.parametrize("match", ["", "  ", "true", " true\n"])
def test_a_match_that_always_holds_is_none(match):
    (found,) = compiled(with_match(match)).rules
    assert (found.match, found.match_text) == (None, "")


def test_other_namespaces_can_be_named():
    elsewhere = {"handler": "elsewhere.other", "instances": ["elsewhere.other"]}
    snapshot = compiled(with_actions(elsewhere))
    assert snapshot.errors == ()
    assert list(snapshot.handlers) == ["elsewhere.other"]


USABLE = [
    # an action keeps the instances that are good
    (with_actions({"handler": "h", "instances": ["nosuch", "i", "m"]}), [("h", ["i"])]),
    # and is dropped without any, or without a handler; other actions stay
    (
        with_actions(
            {"handler": "h", "instances": ["nosuch"]},
            {"handler": "nosuch", "instances": ["i"]},
            {"handler": "h", "instances": ["j"]},
        ),
        [("h", ["j"])],
    ),
    # a rule that would apply to the wrong requests is dropped
    (with_match("nosuch"), None),
    ({"mach": "false", "actions": [ACTION]}, None),
    # so is one that has nothing left to do
    (with_actions({"handler": "nosuch", "instances": ["i"]}), None),
    # sampling has never had an effect
    ({"sampling": {"random": {}}, "actions": [ACTION]}, [("h", ["i"])]),
    # header operations are used all or none; actions stay
    (with_headers(name="x", values=["nosuch"]), [("h", ["i"])]),
]


@pytest.mark.parametrize(("spec", "actions"), USABLE)
def test_what_is_good_of_it_can_be_used(spec, actions):
    found = [
        [
            (action.handler.split(".")[0], [one.plan.short_name for one in action.instances])
            for action in one.actions
        ]
        for one in compiled(spec).rules
    ]
    assert found == ([] if actions is None else [actions])


def test_of_header_operations_with_an_error_none_is_used():
    spec = {
        "requestHeaderOperations": [{"name": "x", "values": ["nosuch"]}],
        "responseHeaderOperations": [{"name": "y", "values": ['"1"']}],
        "actions": [ACTION],
    }
    (found,) = compiled(spec).rules
    assert (found.request_headers, found.response_headers) == ((), ())

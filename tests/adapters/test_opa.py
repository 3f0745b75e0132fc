"""What policies in Rego decide in process."""

import logging
import threading

import pytest
from prometheus_client import REGISTRY

from adapters.opa import INFO, Params
from mixer.adapter import CheckResult, Duration, ParamError, Status, Timestamp
from mixer.adapter.testing import Battery, start
from mixer.template import authorization
from mixer.template.authorization import Action, Instance

ALLOW = "data.mixerauthz.allow"
OK = CheckResult()
DENIAL = CheckResult(status=Status(code=7, message="opa: request was rejected"))

# As policies for Mixer were written, in the Rego of OPA 0.x.
BUCKETS = """package mixerauthz

policy = [
  {"rule": {"verbs": ["storage.buckets.get"], "users": ["bucket-admins"]}}
]

default allow = false

allow = true {
  rule = policy[_].rule
  input.subject.user = rule.users[_]
  input.action.method = rule.verbs[_]
}
"""
# The same language today.
TODAY = """package mixerauthz

import rego.v1

default allow := false

allow if {
	input.subject.user in data.people.admins
	startswith(input.action.path, "/admin")
}

allow if input.action.properties.port == 80
allow if "staff" in input.subject.groups
"""
PEOPLE = 'package people\n\nadmins := {"alice", "bob"}\n'


def asked(user="", method="", path="", groups="", **properties):
    return Instance(
        "x", authorization.Subject(user, groups), Action("", "", method, path, properties)
    )


def rule(body):
    return f"package mixerauthz\n\n{body}\n"


def params_of(*policy, fail_close=True):
    return Params(policy=policy, check_method=ALLOW, fail_close=fail_close)


ANSWERS = [
    ((BUCKETS,), asked("bucket-admins", "storage.buckets.get"), OK),
    ((BUCKETS,), asked("bucket-admins", "storage.buckets.put"), DENIAL),
    ((BUCKETS,), asked("alice", "storage.buckets.get"), DENIAL),
    ((BUCKETS,), Instance("x"), DENIAL),
    ((TODAY, PEOPLE), asked("alice", path="/admin/users"), OK),
    ((TODAY, PEOPLE), asked("alice", path="/users"), DENIAL),
    ((TODAY, PEOPLE), asked("carol", path="/admin/users"), DENIAL),
    ((TODAY, PEOPLE), asked(port=80), OK),
    ((TODAY, PEOPLE), asked(port="80"), DENIAL),  # a number is no text
    ((TODAY, PEOPLE), asked(groups="staff"), OK),
    ((TODAY, PEOPLE), asked(groups="staff,other"), DENIAL),  # one text, as it is
]


@pytest.mark.parametrize(("policy", "instance", "answer"), ANSWERS)
@pytest.mark.parametrize("fail_close", [True, False])
def test_policies_decide(policy, instance, answer, fail_close):
    with start(INFO, params_of(*policy, fail_close=fail_close)) as handler:
        assert handler.handle_authorization(instance) == answer


UNDECIDED = [
    rule('allow if input.subject.user == "bob"'),  # undefined
    rule('allow := "true"'),
    rule("allow := 1"),
    rule("other := true"),
    rule('allow := true if input.subject.user\nallow := false if input.subject.user == "alice"'),
    rule('allow if { input.subject.user == "alice"; nosuch(1) }'),
]


@pytest.mark.parametrize("policy", UNDECIDED)
def test_what_is_not_decided_is_denied_or_not_as_configured(policy):
    for fail_close, answer in ((True, DENIAL), (False, OK)):
        with start(INFO, params_of(policy, fail_close=fail_close)) as handler:
            assert handler.handle_authorization(asked("alice")) == answer


def errors():
    return REGISTRY.get_sample_value(
        "mixer_adapter_opa_evaluation_errors_total", {"handler": "opa.test"}
    )


def test_an_error_of_policies_is_counted_and_told(caplog):
    with caplog.at_level(logging.DEBUG), start(INFO, params_of(UNDECIDED[-1])) as handler:
        before = errors()
        handler.handle_authorization(asked("alice"))
        handler.handle_authorization(asked("bob"))
        assert errors() - before == 1
    assert [one.getMessage() for one in caplog.records] == [
        "policies not worked out: Function not found: nosuch"
    ]


def test_the_input_has_subject_and_action_without_what_is_empty():
    instance = Instance(
        "x",
        authorization.Subject("alice", "staff", {"age": 7, "none": ""}),
        Action(
            "default",
            "shop",
            "GET",
            "/",
            {
                "ip": b"\x0a\0\0\1",
                "labels": {"app": "web"},
                "at": Timestamp(0),
                "took": Duration.parse("1s"),
                "ratio": 0.5,
                "is_new": True,
            },
        ),
    )
    policy = rule("""allow if input == {
      "subject": {"user": "alice", "groups": ["staff"], "properties": {"age": 7, "none": ""}},
      "action": {
        "namespace": "default", "service": "shop", "method": "GET", "path": "/",
        "properties": {
          "ip": "10.0.0.1", "labels": {"app": "web"}, "at": "1970-01-01T00:00:00.000000Z",
          "took": "1s", "ratio": 0.5, "is_new": true
        }
      }
    }
    allow if input == {"subject": {}, "action": {}}""")
    with start(INFO, params_of(policy)) as handler:
        assert handler.handle_authorization(instance) == OK
        assert handler.handle_authorization(Instance("x")) == OK
        assert handler.handle_authorization(asked("bob")) == DENIAL


TEXTS = [
    ("alice\0evil", '"alice"', DENIAL),  # not cut short
    ("alice\0evil", r'"alice\u0000evil"', OK),
    (r"\u0061lice", '"alice"', DENIAL),  # not unescaped
    ('a"b', r'"a\"b"', OK),
    ("a\\b\nc\td", r'"a\\b\nc\td"', OK),
    ('x", "user": "alice', '"alice"', DENIAL),
    ("zoë", '"zoë"', OK),
]


@pytest.mark.parametrize(("user", "literal", "answer"), TEXTS)
def test_texts_reach_policies_as_they_are(user, literal, answer):
    policy = rule(f"default allow := false\nallow if input.subject.user == {literal}")
    with start(INFO, params_of(policy)) as handler:
        assert handler.handle_authorization(asked(user)) == answer


def test_threads_get_the_answers_to_their_own_requests():
    wrong = []

    def ask(handler, user, answer):
        answers = (handler.handle_authorization(asked(user, path="/admin")) for _ in range(100))
        wrong.extend((user, other) for other in answers if other != answer)

    with start(INFO, params_of(TODAY, PEOPLE)) as handler:
        threads = [
            threading.Thread(target=ask, args=(handler, user, answer))
            for user, answer in (("alice", OK), ("carol", DENIAL), ("bob", OK), ("dave", DENIAL))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


GOOD = rule("allow := true")
FAULTS = [
    (Params(check_method=ALLOW), "policy", "must be given"),
    (Params(policy=(GOOD,)), "check_method", "must name a rule, such as data.mixerauthz.allow"),
    (
        Params(policy=(GOOD,), check_method="data.mixerauthz.allow == x := true"),
        "check_method",
        "must name a rule, such as data.mixerauthz.allow",
    ),
    (params_of(rule("allow if {")), "policy[0]", "line 3: this is unclosed"),
    (params_of(GOOD, rule("# é\nallow = = 1")), "policy[1]", "line 4: Invalid assignment operator"),
    (params_of(""), "policy[0]", "line 1: Invalid file"),
    (params_of(rule("allow if { x := y := 1 }")), "policy[0]", "does not compile"),
    (params_of(rule("allow if nosuch(1)")), "policy", "Function not found: nosuch"),
    (
        params_of(rule("allow if a"), rule("a if allow")),
        "policy",
        "Recursion detected in rule body: data.mixerauthz.allow",
    ),
    (
        params_of(rule('# http.send( is missing\nallow if not http.send({"url": "x"})')),
        "policy[0]",
        "line 4: there is no function http.send in this process",
    ),
]


@pytest.mark.parametrize(("params", "field", "message"), FAULTS)
def test_a_fault_is_told_with_its_place(params, field, message):
    assert list(INFO.validate(params, {})) == [ParamError(field=field, message=message)]


def test_all_faults_are_told():
    policy = (rule("allow if {"), GOOD, "garbage(")
    errors = INFO.validate(Params(policy=policy, check_method="x"), {})
    assert [error.field for error in errors] == ["policy[0]", "policy[2]", "check_method"]


class TestOpa(Battery):
    info = INFO
    bad_params = tuple(params for params, _, _ in FAULTS)
    call_count = 10_000

    def params(self):
        return params_of(TODAY, PEOPLE)

    def ask(self, handler):
        handler.handle_authorization(ANSWERS[4][1])

"""Who may do what, by roles and bindings as Istio's documentation of v1alpha1 words them."""

import logging
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from adapters.rbac import INFO
from adapters.rbac.params import (
    AccessRule,
    Constraint,
    EnforcementMode,
    Params,
    RoleRef,
    ServiceRole,
    ServiceRoleBinding,
    Subject,
)
from mixer.adapter import CheckResult, Duration, ParamError, Status
from mixer.adapter.testing import Battery, FakeClock, start
from mixer.template import authorization
from mixer.template.authorization import Action, Instance

PRODUCTS = "products.svc.cluster.local"
REVIEWS = "reviews.svc.cluster.local"

VIEWER = ServiceRole(
    name="products-viewer",
    namespace="default",
    rules=(
        AccessRule(
            services=(PRODUCTS,),
            methods=("GET", "HEAD"),
            constraints=(Constraint(key="version", values=("v1", "v2*")),),
        ),
    ),
)
EDITOR = ServiceRole(
    name="editor",
    namespace="default",
    rules=(
        AccessRule(services=("*.svc.cluster.local",), methods=("*",), paths=("/books/*", "*/edit")),
        AccessRule(services=("products*",), methods=("POST",), paths=("/new",)),
    ),
)
ANYWHERE = ServiceRole(name="health", rules=(AccessRule(services=("*",), methods=("PING",)),))
NARROW = ServiceRole(
    name="narrow",
    namespace="default",
    rules=(
        AccessRule(
            services=("*",),
            methods=("NARROW",),
            constraints=(
                Constraint(key="stage", values=("prod*",)),
                Constraint(key="stage", values=("*-eu",)),
                Constraint(key="port", values=("80",)),
            ),
        ),
    ),
)


def bound(role, *subjects, **more):
    return ServiceRoleBinding(
        namespace=role.namespace, role_ref=RoleRef(name=role.name), subjects=subjects, **more
    )


PARAMS = Params(
    roles=(VIEWER, EDITOR, ANYWHERE, NARROW),
    bindings=(
        bound(
            VIEWER,
            Subject(user="alice@yahoo.com"),
            Subject(properties={"service": "reviews", "namespace": "abc"}),
        ),
        bound(EDITOR, Subject(group="editors"), Subject(user="bob", group="staff")),
        bound(ANYWHERE, Subject(user="*")),
        bound(NARROW, Subject(group="*"), Subject(properties={"zone": "eu-*"})),
    ),
)
V1 = {"version": "v1"}


def asked(who, service, method, path="/", properties=None, *, namespace="default"):
    subject = who if isinstance(who, authorization.Subject) else authorization.Subject(user=who)
    action = Action(namespace, service, method, path, properties or {})
    return Instance("x", subject, action)


def having(groups="", user="", **properties):
    return authorization.Subject(user, groups, properties)


ALLOWED = [
    asked("alice@yahoo.com", PRODUCTS, "GET", properties=V1),
    asked("alice@yahoo.com", PRODUCTS, "HEAD", "", {"version": "v2beta"}),  # any path, also none
    asked(having(service="reviews", namespace="abc"), PRODUCTS, "GET", properties=V1),
    asked(having(service="reviews", namespace="abc", more="x"), PRODUCTS, "GET", properties=V1),
    asked(having("editors"), REVIEWS, "DELETE", "/books/1"),
    asked(having("editors"), REVIEWS, "PUT", "/films/1/edit"),
    asked(having("readers, editors"), REVIEWS, "PUT", "/books/1"),  # one of the groups
    asked(having("editors"), "products-eu", "POST", "/new"),  # the second rule
    asked(having("staff", user="bob"), REVIEWS, "GET", "/books/1"),
    asked("anybody", "any", "PING", namespace="any"),  # a role of all namespaces
    Instance("x", None, Action(service="any", method="PING")),  # `*` is for everybody
    asked(having("any"), "any", "NARROW", properties={"stage": "prod-eu", "port": 80}),
    asked(having(zone="eu-1"), "any", "NARROW", properties={"stage": "prod-eu", "port": "80"}),
]
DENIED = [
    asked("alice@yahoo.com", PRODUCTS, "POST", properties=V1),  # the method
    asked("alice@yahoo.com", REVIEWS, "GET", properties=V1),  # the service
    asked("alice@yahoo.com", PRODUCTS, "GET", properties={"version": "v3"}),  # the constraint
    asked("alice@yahoo.com", PRODUCTS, "GET"),  # no property to satisfy it
    asked("alice@yahoo.com", PRODUCTS, "GET", properties=V1, namespace="other"),
    asked("alice@yahoo.com", PRODUCTS, "GET", properties=V1, namespace=""),
    asked("ALICE@yahoo.com", PRODUCTS, "GET", properties=V1),  # case counts
    asked("", PRODUCTS, "GET", properties=V1),
    asked(having(service="reviews"), PRODUCTS, "GET", properties=V1),  # one property of two
    asked(having(service="reviews", namespace="abd"), PRODUCTS, "GET", properties=V1),
    asked(having("editors"), REVIEWS, "GET", "/films/1"),  # the path
    asked(having("editors"), "products-eu", "GET", "/new"),  # the rules are not mixed
    asked(having("editorsx"), REVIEWS, "GET", "/books/1"),
    asked(having("staff"), REVIEWS, "GET", "/books/1"),  # user and group must match
    asked("bob", REVIEWS, "GET", "/books/1"),
    asked("a", "any", "NARROW", properties={"stage": "prod-eu", "port": 80}),  # in no group
    asked(having("any"), "any", "NARROW", properties={"stage": "prod-us", "port": 80}),
    asked(having("any"), "any", "NARROW", properties={"stage": "test-eu", "port": 80}),
    asked(having("any"), "any", "NARROW", properties={"stage": "prod-eu", "port": 81}),
    Instance("x"),
    Instance("x", authorization.Subject(user="alice@yahoo.com"), None),
]
OK = CheckResult(valid_duration_s=60.0, valid_use_count=1_000_000_000)
DENIAL = OK._replace(status=Status(code=7, message="RBAC: permission denied."))


@pytest.mark.parametrize("instance", ALLOWED)
def test_what_a_role_allows_passes(instance):
    with start(INFO, PARAMS) as handler:
        assert handler.handle_authorization(instance) == OK


@pytest.mark.parametrize("instance", DENIED)
def test_what_no_role_allows_is_denied(instance):
    with start(INFO, PARAMS) as handler:
        assert handler.handle_authorization(instance) == DENIAL


def test_without_roles_everything_is_denied():
    params = Params(cache_duration=Duration.parse("3s"), valid_use_count=7)
    with start(INFO, params) as handler:
        assert handler.handle_authorization(ALLOWED[0]) == CheckResult(DENIAL.status, 3.0, 7)


def counted(result):
    labels = {"handler": "rbac.test", "result": result}
    return REGISTRY.get_sample_value("mixer_adapter_rbac_permissive_total", labels) or 0


def test_a_permissive_handler_lets_all_pass_and_tells_what_it_would_say(caplog):
    clock = FakeClock()
    params = replace(PARAMS, enforcement_mode=EnforcementMode.PERMISSIVE)
    before = counted("allowed"), counted("denied")
    with caplog.at_level(logging.INFO), start(INFO, params, clock=clock) as handler:
        for instance in (ALLOWED[0], DENIED[0], DENIED[1]):
            assert handler.handle_authorization(instance) == OK
        clock.advance(1)
        secret = asked("alice", PRODUCTS, "GET", "/books?token=secret")
        assert handler.handle_authorization(secret) == OK
    assert (counted("allowed") - before[0], counted("denied") - before[1]) == (1, 3)
    told = "passes in permissive mode, and would be denied"
    assert [record.getMessage() for record in caplog.records] == [
        f"{told}: POST / of {PRODUCTS}",  # at most one line each second
        f"{told}: GET /books of {PRODUCTS}",
    ]


def test_a_permissive_binding_gives_nothing_and_is_told_of(caplog):
    tried = bound(VIEWER, Subject(user="carol"), mode=EnforcementMode.PERMISSIVE)
    params = replace(PARAMS, bindings=(*PARAMS.bindings, tried))
    before = counted("allowed"), counted("denied")
    with caplog.at_level(logging.INFO), start(INFO, params) as handler:
        carol = asked("carol", PRODUCTS, "GET", properties=V1)
        assert handler.handle_authorization(carol) == DENIAL
        assert handler.handle_authorization(ALLOWED[0]) == OK
        assert handler.handle_authorization(DENIED[0]) == DENIAL
    assert (counted("allowed") - before[0], counted("denied") - before[1]) == (1, 0)
    assert [record.getMessage() for record in caplog.records] == [
        f"denied, and would be allowed by a permissive binding: GET / of {PRODUCTS}"
    ]


def test_an_enforced_binding_counts_also_beside_a_permissive_one():
    tried = bound(VIEWER, Subject(user="alice@yahoo.com"), mode=EnforcementMode.PERMISSIVE)
    params = replace(PARAMS, bindings=(tried, *PARAMS.bindings, tried))
    with start(INFO, params) as handler:
        assert handler.handle_authorization(ALLOWED[0]) == OK


RULE = AccessRule(services=("a",), methods=("b",))
ROLE = ServiceRole(name="r", rules=(RULE,))


def of(**more):
    return Params(roles=(replace(ROLE, rules=(replace(RULE, **more),)),))


def with_subject(subject):
    return Params(roles=(ROLE,), bindings=(bound(ROLE, subject),))


FAULTS = [
    (Params(cache_duration=Duration(-1)), "cache_duration", "must not be negative"),
    (Params(valid_use_count=-1), "valid_use_count", "must be from 0 to 2147483647"),
    (Params(valid_use_count=1 << 31), "valid_use_count", "must be from 0 to 2147483647"),
    (Params(roles=(replace(ROLE, name=""),)), "roles[0].name", "must be given"),
    (Params(roles=(ROLE, ROLE)), "roles[1].name", "role 'r' is there twice"),
    (Params(roles=(ServiceRole(name="r"),)), "roles[0].rules", "a role needs at least one"),
    (of(services=()), "roles[0].rules[0].services", "must be given; `*` stands for any"),
    (of(methods=()), "roles[0].rules[0].methods", "must be given; `*` stands for any"),
    (
        of(paths=("/a*b",)),
        "roles[0].rules[0].paths",
        "'/a*b': one `*` may be, at the beginning or at the end",
    ),
    (
        of(services=("",)),
        "roles[0].rules[0].services",
        "an empty pattern matches nothing; `*` matches everything",
    ),
    (
        of(constraints=(Constraint(values=("v",)),)),
        "roles[0].rules[0].constraints[0].key",
        "must be given",
    ),
    (
        of(constraints=(Constraint(key="k"),)),
        "roles[0].rules[0].constraints[0].values",
        "must be given; `*` stands for any",
    ),
    (
        Params(roles=(ROLE,), bindings=(replace(bound(ROLE, Subject(user="a")), namespace="n"),)),
        "bindings[0].role_ref.name",
        "there is no role 'r' in namespace 'n'",
    ),
    (
        Params(bindings=(bound(ROLE, Subject(user="a")),)),
        "bindings[0].role_ref.name",
        "there is no role 'r'",
    ),
    (
        Params(
            roles=(ROLE,),
            bindings=(
                ServiceRoleBinding(
                    role_ref=RoleRef(kind="Role", name="r"), subjects=(Subject(user="a"),)
                ),
            ),
        ),
        "bindings[0].role_ref.kind",
        "must be ServiceRole",
    ),
    (
        Params(roles=(ROLE,), bindings=(bound(ROLE),)),
        "bindings[0].subjects",
        "a binding needs at least one",
    ),
    (
        with_subject(Subject()),
        "bindings[0].subjects[0]",
        "needs user, group or properties; user `*` is anybody",
    ),
    (
        with_subject(Subject(user="a*")),
        "bindings[0].subjects[0].user",
        "no patterns here, except `*` for any",
    ),
    (
        with_subject(Subject(properties={"a": ""})),
        "bindings[0].subjects[0].properties.a",
        "an empty pattern matches nothing; `*` matches everything",
    ),
]


@pytest.mark.parametrize(("params", "field", "message"), FAULTS)
def test_a_fault_is_told_with_its_place(params, field, message):
    assert list(INFO.validate(params, {})) == [ParamError(field=field, message=message)]


class TestRbac(Battery):
    info = INFO
    bad_params = tuple(params for params, _, _ in FAULTS)

    def params(self):
        return PARAMS

    def ask(self, handler):
        handler.handle_authorization(ALLOWED[0])
        handler.handle_authorization(DENIED[0])

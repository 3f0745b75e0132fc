"""Handlers: adapter and parameters, and what is wrong with them."""

from importlib.metadata import EntryPoint

import pytest

from mixer.adapter.registry import AdapterRegistry
from mixer.config.store import read_text
from mixer.runtime import check_contents
from tests.integration.documents import (
    DEFAULT,
    contents,
    document,
    handler,
    instance,
    rule,
    yaml_of,
)
from tests.integration.spy import Registry, Spy

HERE = f"handler/{DEFAULT}/h"

WRONG = [
    ({}, "compiledAdapter", "is missing: which adapter is it?"),
    (
        {"compiledAdapter": "denyer"},
        "compiledAdapter",
        'no adapter "denyer" is installed (did you mean "denier"?)',
    ),
    ({"compiledAdapter": "xyz"}, "compiledAdapter", 'no adapter "xyz" is installed'),
    ({"compiledAdapter": "denier", "params": []}, "params", "want an object, got a list"),
    (
        {"compiledAdapter": "denier", "params": {"validDuration": "5 s"}},
        "params.validDuration",
        'want a duration such as 5s, got the string "5 s"',
    ),
    (
        {"compiledAdapter": "denier", "params": {"status": {"cod": 7}}},
        "params.status.cod",
        'unknown field "cod" (did you mean "code"?)',
    ),
    # what the adapter itself finds
    (
        {"compiledAdapter": "spy", "params": {"refuse": "too big"}},
        "params.refuse",
        "too big",
    ),
    (
        {"compiledAdapter": "spy", "param": {}},
        "param",
        'unknown field "param" (did you mean "params"?)',
    ),
]


def snapshot_of(*documents, registry=None):
    registry = registry or Registry(Spy().info)
    return check_contents(contents(*documents), registry)


def errors_of(*documents, **options):
    snapshot = snapshot_of(*documents, **options)
    return [(error.place, error.message) for error in snapshot.errors]


@pytest.mark.parametrize(("spec", "field", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_place(spec, field, message):
    assert errors_of(document("handler", "h", spec)) == [(f"{HERE}: {field}", message)]


def test_legacy_kinds_have_their_params_at_the_top():
    assert errors_of(document("denier", "h", {"validDuration": "x"})) == [
        (f"denier/{DEFAULT}/h: validDuration", 'want a duration such as 5s, got the string "x"')
    ]


class Failing(Spy):
    """Its validation breaks."""

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self.info, "validate", lambda _params, _instances: 1 / 0)


def test_a_validation_that_breaks_is_an_error_of_the_handler():
    assert errors_of(handler("h"), registry=Registry(Failing().info)) == [
        (f"{HERE}: params", "adapter spy can't validate: ZeroDivisionError: division by zero")
    ]


class Unimportable(AdapterRegistry):
    """Offers one adapter that is not there."""

    def __init__(self):
        super().__init__([EntryPoint("ghost", "no_such_module:INFO", "mixer.adapters")])


def test_an_adapter_that_cannot_be_imported_is_an_error_of_the_handler():
    ((place, message),) = errors_of(handler("h", "ghost"), registry=Unimportable())
    assert place == f"{HERE}: compiledAdapter"
    assert message == (
        "adapter 'ghost' can't be imported: ModuleNotFoundError: No module named 'no_such_module'"
    )


def test_params_lie_over_the_defaults_as_far_as_they_can_be_read():
    h = handler("h", "denier", status={"code": 7}, validDuration="x")
    snapshot = snapshot_of(h, instance("i"), rule("r", ("h", "i")))
    (config,) = snapshot.handlers.values()
    assert (config.params.status.code, config.params.valid_use_count) == (7, 1000)


def test_a_handler_knows_all_instances_that_rules_send_to_it():
    documents = (
        handler("h", "noop"),
        instance("a", "metric", value="request.size", dimensions={"to": "source.name"}),
        instance("b"),
        instance("unsent"),
        rule("r1", ("h", "a")),
        rule("r2", ("h", "a", "b")),
    )
    (config,) = snapshot_of(*documents).handlers.values()
    assert {name: one.template for name, one in config.instances.items()} == {
        f"a.instance.{DEFAULT}": "metric",
        f"b.instance.{DEFAULT}": "checknothing",
    }


def test_one_that_is_wrong_is_left_out_of_its_rules():
    h = handler("h", refuse="never")
    snapshot = snapshot_of(h, instance("i"), rule("r", ("h", "i")))
    assert dict(snapshot.handlers) == {}


def test_use_counts_and_codes_that_no_answer_can_carry_are_refused():
    for params in ({"validUseCount": 3_000_000_000}, {"status": {"code": 3_000_000_000}}):
        assert errors_of(handler("h", "denier", **params)) != []


def test_two_handlers_cannot_have_one_display_name():
    documents = (
        handler("a.denier", "noop", namespace="ns"),
        document("denier", "a", {}, "ns"),
    )
    snapshot = check_contents(read_text(yaml_of(*documents)), AdapterRegistry())
    assert snapshot.errors != ()

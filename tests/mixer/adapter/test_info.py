"""What templates and adapters may say of themselves."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import pytest

from mixer.adapter import (
    CheckResult,
    Info,
    QuotaResult,
    RegistrationError,
    Status,
    Template,
    Variety,
)
from mixer.template import checknothing, listentry


class Instance(NamedTuple):
    name: str
    value: str = ""


class Handler(Protocol):
    def handle_example(self, instance): ...


class TwoMethods(Protocol):
    def handle_one(self, instance): ...

    def handle_two(self, instance): ...


class Nameless(NamedTuple):
    value: str
    name: str


@dataclass(frozen=True)
class Output:
    value: str | None = None


@dataclass(frozen=True)
class Params:
    pass


def template(**changes) -> Template:
    said = {"name": "example", "variety": Variety.CHECK, "instance": Instance, "handler": Handler}
    return Template(**{**said, **changes})


def info(**changes) -> Info:
    said = {
        "name": "example",
        "description": "An example.",
        "templates": (template(),),
        "params": Params,
        "build": lambda params, env: None,
    }
    return Info(**{**said, **changes})


def test_a_template_knows_the_one_method_of_its_handlers():
    assert template().method == "handle_example"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"instance": Nameless}, "Instance is no NamedTuple of a name"),  # name is not first
        ({"instance": Params}, "Instance is no NamedTuple of a name"),  # a dataclass
        ({"handler": TwoMethods}, "Handler must have exactly one method"),
        ({"handler": Params}, "Handler must have exactly one method"),  # none at all
        ({"output": Output}, "output belongs to generators only"),  # a check has none
        ({"variety": Variety.ATTRIBUTE_GENERATOR}, "output belongs to generators only"),
    ],
)
def test_a_template_that_breaks_the_contract_cannot_be_made(changes, message):
    with pytest.raises(RegistrationError) as caught:
        template(**changes)
    assert str(caught.value) == f"template example: {message}"


def test_a_generator_template_has_an_output():
    generator = template(variety=Variety.ATTRIBUTE_GENERATOR, output=Output)
    assert generator.output is Output


@pytest.mark.parametrize("name", ["a", "list-checker", "x2", "a" * 63])
def test_a_dns_label_is_a_name(name):
    assert info(name=name).name == name


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "Denier"}, "the name is no lower-case DNS label"),
        ({"name": "2fast"}, "the name is no lower-case DNS label"),
        ({"name": "ends-"}, "the name is no lower-case DNS label"),
        ({"name": "a" * 64}, "the name is no lower-case DNS label"),
        ({"name": ""}, "the name is no lower-case DNS label"),
        ({"templates": ()}, "it supports no template"),
        ({"params": dict}, "params is no dataclass"),
    ],
)
def test_an_adapter_that_breaks_the_contract_cannot_be_made(changes, problem):
    with pytest.raises(RegistrationError) as caught:
        info(**changes)
    assert str(caught.value) == f"adapter {changes.get('name', 'example')!r}: {problem}"


def test_all_faults_of_an_adapter_are_told_at_once():
    with pytest.raises(RegistrationError) as caught:
        info(name="X", templates=(), params=int)
    assert str(caught.value) == (
        "adapter 'X': the name is no lower-case DNS label; it supports no template; "
        "params is no dataclass"
    )


def test_validate_finds_nothing_wrong_by_default():
    assert list(info().validate(Params(), {})) == []


def test_a_handler_must_answer_every_template():
    class OnlyNothing:
        def handle_checknothing(self, instance):
            return CheckResult()

    both = info(templates=(checknothing.TEMPLATE, listentry.TEMPLATE))
    with pytest.raises(RegistrationError) as caught:
        both.check_handler(OnlyNothing())
    assert str(caught.value) == (
        "adapter 'example': its handler has no method handle_listentry, "
        "which template listentry needs"
    )
    info(templates=(checknothing.TEMPLATE,)).check_handler(OnlyNothing())


@pytest.mark.parametrize(
    ("result", "is_default"),
    [
        (CheckResult(), True),
        (CheckResult(status=Status(message="a message does not count")), True),
        (CheckResult(status=Status(code=7)), False),
        (CheckResult(valid_duration_s=0.5), False),
        (CheckResult(valid_use_count=1), False),
        (QuotaResult(), True),
        (QuotaResult(amount=1), False),
        (QuotaResult(valid_duration_s=1.0), False),  # best effort that found nothing left
        (QuotaResult(status=Status(code=8)), False),
    ],
)
def test_a_result_that_says_nothing_is_the_default(result, is_default):
    assert result.is_default is is_default

"""Which rules match, by one compiled function."""

import threading

import pytest

from mixer.attribute.bag import MappingBag
from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary
from mixer.config.snapshot import Rule
from mixer.expr import parse
from mixer.routing.selector import Choice, compile_selector

VOCABULARY = Vocabulary(
    {
        "source.name": AttributeInfo(value_type=ValueType.STRING),
        "request.size": AttributeInfo(value_type=ValueType.INT64),
    }
)


def choice(match, *chosen, place="rule/ns/r"):
    rule = Rule(
        place=place,
        namespace="ns",
        match_text=match,
        match=parse(match) if match else None,
        actions=(),
        request_headers=(),
        response_headers=(),
    )
    return Choice(rule=rule, chosen=chosen)


def selected(choices, **attributes):
    bag = MappingBag({name.replace("__", "."): value for name, value in attributes.items()})
    return list(compile_selector(choices, VOCABULARY)(bag)), bag


IS_A = 'source.name == "a"'
SELECTIONS = [
    ([], {}, []),
    ([choice("", 1, 2), choice("", 3)], {}, [1, 2, 3]),
    ([choice("", 1), choice(IS_A, 2), choice("", 3)], {"source__name": "a"}, [1, 2, 3]),
    ([choice("", 1), choice(IS_A, 2), choice("", 3)], {"source__name": "b"}, [1, 3]),
    # a match without a value does not hold, and hinders no other
    ([choice(IS_A, 1), choice("request.size > 5", 2)], {"request__size": 6}, [2]),
    ([choice("false", 1), choice("true || false", 2)], {}, [2]),
]


@pytest.mark.parametrize(("choices", "attributes", "wanted"), SELECTIONS)
def test_what_matching_rules_choose_is_taken_in_their_order(choices, attributes, wanted):
    assert selected(choices, **attributes)[0] == wanted


def test_what_is_read_is_recorded_once_however_many_rules_ask():
    _, bag = selected([choice(IS_A, 1), choice(IS_A, 2), choice('source.name == "b"', 3)])
    assert [tuple(reference) for reference in bag.references] == [("source.name", None, False)]


def test_what_is_short_circuited_is_not_read():
    both = f"{IS_A} && request.size > 5"
    _, bag = selected([choice(both, 1)], source__name="b", request__size=9)
    assert [reference.name for reference in bag.references] == ["source.name"]


@pytest.mark.parametrize("count", [255, 256, 257, 1000])
def test_any_number_of_rules_can_be_compiled(count):
    choices = [choice(f"request.size == {n}", n) for n in range(count)] + [choice(IS_A, "last")]
    found, _ = selected(choices, request__size=count - 1, source__name="a")
    assert found == [count - 1, "last"]


def test_what_it_gives_can_be_used_by_many_threads():
    select = compile_selector([choice(IS_A, 1), choice("", 2)], VOCABULARY)
    wrong = []

    def work(name, wanted):
        wrong.extend(
            found
            for _ in range(500)
            if (found := list(select(MappingBag({"source.name": name})))) != wanted
        )

    threads = [
        threading.Thread(target=work, args=arguments)
        for arguments in (("a", [1, 2]), ("b", [2])) * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []

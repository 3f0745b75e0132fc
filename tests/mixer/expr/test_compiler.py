"""Compiled expressions: their types, their constants, and how they compose."""

import threading

import pytest

from mixer.attribute.bag import MappingBag, Reference
from mixer.attribute.value import Duration, ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import EvaluationError, ExpressionError, LookupFailedError
from mixer.expr import Namespace, compile_expression, emit, parse

VOCABULARY = Vocabulary.of(
    name=ValueType.STRING,
    size=ValueType.INT64,
    delay=ValueType.DURATION,
    labels=ValueType.STRING_MAP,
    source__ip=ValueType.IP_ADDRESS,
)


def evaluate(text, attributes):
    return compile_expression(text, VOCABULARY).evaluate(MappingBag(attributes))


def test_an_expression_knows_its_text_type_and_source():
    expression = compile_expression('labels["app"] == "x"', VOCABULARY, ValueType.BOOL)
    assert (expression.text, expression.type) == ('labels["app"] == "x"', ValueType.BOOL)
    assert expression.source == (
        "((t0 if ((t0 := (t1 if isinstance((t1 := bag[k0]), StringMap) "
        "else fail_absent(bag, k0)).find(k1)) is not None and not bag.note(k2) "
        "or bag.note(k3)) else None) == k4)"
    )
    assert {name: expression.names[name] for name in ("k0", "k1", "k2", "k3", "k4")} == {
        "k0": "labels",
        "k1": "app",
        "k2": Reference("labels", "app", is_present=True),
        "k3": Reference("labels", "app", is_present=False),
        "k4": "x",
    }


def test_a_default_is_one_flat_condition():
    node = parse('labels["app"] | name | "none"')
    assert emit(node, VOCABULARY, Namespace(records_reads=False)) == (
        "(t2 if (isinstance((t1 := bag[k2]), StringMap)) and (t2 := t1.find(k3)) is not None "
        "else t0 if (t0 := bag[k1]).__class__ is str "
        "else fail_string(bag, k1) if t0 is not None else k0)"
    )


def test_a_default_notes_what_is_there_and_what_is_not():
    node = parse('name | "none"')
    assert emit(node, VOCABULARY, Namespace()) == (
        "(t0 if (t0 := bag[k1]).__class__ is str and not bag.note(k3) "
        "else fail_string(bag, k1) if t0 is not None or bag.note(k2) else k0)"
    )


def test_an_expression_of_another_type_than_expected_is_refused():
    with pytest.raises(ExpressionError) as caught:
        compile_expression("size + 1", VOCABULARY, ValueType.BOOL)
    assert str(caught.value) == (
        "col 6: expression 'size + 1' evaluated to type INT64, expected type BOOL"
    )


def test_an_absent_attribute_is_a_failed_lookup():
    with pytest.raises(LookupFailedError, match=r"^lookup failed: 'name'$"):
        evaluate("name", {})


def test_numbers_and_durations_get_the_class_of_their_type():
    assert type(evaluate("size", {"size": Duration(5)})) is int
    assert type(evaluate("delay", {"delay": 5})) is Duration


def test_a_whole_map_is_the_one_in_the_bag_and_leaves_no_record():
    bag = MappingBag({"labels": {"a": "b"}})
    value = compile_expression("labels", VOCABULARY).evaluate(bag)
    assert value is bag["labels"].entries
    assert bag.references == ()


def test_the_empty_map_stays_empty_when_keys_are_looked_up():
    empty = evaluate("emptyStringMap()", {})
    assert evaluate('(labels | emptyStringMap())["x"]', {}) == ""
    assert empty == {}
    assert evaluate("labels | emptyStringMap()", {}) is empty


def test_calls_of_constants_are_made_at_compile_time():
    expression = compile_expression('source.ip == ip("10.0.0.1")', VOCABULARY)
    forms = (bytes(10) + b"\xff\xff\x0a\x00\x00\x01", b"\x0a\x00\x00\x01")
    assert forms in expression.names.values()
    assert "ip" not in expression.names


def test_nested_calls_of_constants_are_made_at_compile_time():
    expression = compile_expression('match(toLower("AB"), "a*") && size("é") == 2', VOCABULARY)
    assert expression.source == "(k0 and (k1 == k1))"
    assert [expression.names[name] for name in ("k0", "k1")] == [True, 2]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('ip("bad") == source.ip', "could not convert bad to IP_ADDRESS"),
        ('"(".matches(name)', "error parsing regexp: missing ): ("),
        (
            'dnsName("a..b") == dnsName("a")',
            "error converting 'a..b' to dns name: 'idna: invalid label \"a..b\"'",
        ),
    ],
)
def test_a_wrong_constant_fails_when_it_is_evaluated(text, error):
    expression = compile_expression(text, VOCABULARY)
    with pytest.raises(EvaluationError) as caught:
        expression.evaluate(MappingBag({"name": "x", "source.ip": bytes(4)}))
    assert str(caught.value) == error


def test_a_wrong_constant_on_a_branch_that_is_not_taken_does_no_harm():
    assert evaluate('name == "x" || ip("bad") == source.ip', {"name": "x"}) is True


def test_many_expressions_fit_into_one_function():
    namespace = Namespace()
    texts = ["name", 'labels["a"] | name', "size + 1 | 5", 'labels["a"] == name']
    parts = [emit(parse(text), VOCABULARY, namespace) for text in texts]
    assert len(set(namespace.globals)) == len(namespace.globals)
    scope = namespace.globals
    exec(f"def build(bag):\n    return {namespace.bind(tuple)}([{', '.join(parts)}])", scope)
    bag = MappingBag({"name": "n", "size": 1, "labels": {"a": "n"}})
    assert scope["build"](bag) == ("n", "n", 2, True)


def test_expressions_share_no_state_between_threads():
    expression = compile_expression('labels["a"] + name | "x"', VOCABULARY)
    results = set()

    def run(number):
        bag = MappingBag({"labels": {"a": f"{number}-"}, "name": f"{number}"})
        results.update((number, expression.evaluate(bag)) for _ in range(200))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {(number, f"{number}-{number}") for number in range(4)}

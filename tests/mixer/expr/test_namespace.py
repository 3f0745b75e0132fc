"""The names that generated code uses."""

import pytest

from mixer.expr import Namespace


def test_equal_text_has_one_name_and_other_values_one_for_each_object():
    namespace = Namespace()
    one, same = "name", "".join(reversed("eman"))
    assert namespace.bind(one) == namespace.bind(same) == "k0"
    first, second = [1], [1]
    assert [namespace.bind(value) for value in (first, second, first)] == ["k1", "k2", "k1"]


def test_numbers_that_are_equal_but_not_the_same_keep_apart():
    namespace = Namespace()
    names = [namespace.bind(value) for value in (0.0, -0.0, 0, False)]
    assert len(set(names)) == 4
    assert [repr(namespace.globals[name]) for name in names] == ["0.0", "-0.0", "0", "False"]


def test_functions_and_classes_keep_their_names():
    namespace = Namespace()
    assert [namespace.bind(value) for value in (len, str, str)] == ["len", "str", "str"]


def named(name):
    def function():
        return None

    function.__name__ = name
    return function


@pytest.mark.parametrize("name", ["<lambda>", "bag", "build", "t0", "k12", "class", "é", "", "a b"])
def test_a_name_that_generated_code_could_not_use_is_replaced(name):
    assert Namespace().bind(named(name)) == "k0"


def test_two_functions_of_one_name_keep_apart():
    namespace = Namespace()
    assert [namespace.bind(named("make")), namespace.bind(named("make"))] == ["make", "k0"]


def test_temporaries_are_all_different():
    namespace = Namespace()
    assert [namespace.temporary() for _ in range(3)] == ["t0", "t1", "t2"]


def test_generated_code_has_no_builtins():
    assert Namespace().globals == {"__builtins__": {}}

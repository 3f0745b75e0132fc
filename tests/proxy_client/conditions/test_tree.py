"""What a look-up costs, counted in attributes that are looked at."""

import pytest

from proxy_client.conditions.condition import Condition
from proxy_client.conditions.groups import Entry
from proxy_client.conditions.observed import observe
from proxy_client.conditions.tree import ConditionTree

NAMES = [f"n{number}" for number in range(20)]
BASE = dict.fromkeys(NAMES, "same") | {"headers": {f"h{number}": "same" for number in range(10)}}


class Counted(dict):
    """A request that counts how often an attribute is looked at."""

    looks = 0

    def get(self, name):
        self.looks += 1
        return super().get(name)


def entry(attributes, conditions):
    met = [(c, observe(attributes.get(c.name), c.key)) for c in conditions]
    return Entry(frozenset(met), attributes)


def exact(name, key=None):
    return Condition(name, key, is_present=True)


def by_one_question(number):
    """Shapes of a policy: it asks n0 first, and then what that answer leads to."""
    then = [exact(NAMES[1 + (number + step) % 19]) for step in range(1 + number % 4)]
    return {**BASE, "n0": f"service {number}"}, [exact("n0"), *then]


def by_own_header(number):
    """Each shape has a header that the others know nothing of."""
    headers = {**BASE["headers"], f"x{number}": "1"}
    return {**BASE, "headers": headers}, [exact("n0"), exact("headers", f"x{number}")]


def by_own_attribute(number):
    """Nothing in common."""
    return {**BASE, f"own{number}": "1"}, [exact(f"own{number}"), Condition(f"no{number}", None, is_present=False)]  # fmt: skip


def by_absence(number):
    """Every request fits all of them."""
    return BASE, [exact("n0"), Condition("headers", f"x{number}", is_present=False)]


def by_two_of_twenty(number):
    """Two attributes of 20; the second has a value of its own."""
    first = number % 20
    second = (first + 1 + number // 20) % 20
    return {**BASE, NAMES[second]: str(number)}, [exact(NAMES[first]), exact(NAMES[second])]


def looks(shape, count):
    """The most looks of any request that finds what was learnt from it."""
    tree = ConditionTree()
    learnt = [shape(number) for number in range(count)]
    for attributes, conditions in learnt:
        tree.add(entry(attributes, conditions))
    requests = [Counted(attributes) for attributes, _ in learnt]
    assert all(next(tree.fitting(request), None) is not None for request in requests)
    return max(request.looks for request in requests)


@pytest.mark.parametrize(
    ("shape", "most"),
    [
        (by_one_question, 8),
        (by_own_header, 8),
        (by_own_attribute, 16),
        (by_absence, 8),
        (by_two_of_twenty, 40),
    ],
)
def test_looks_do_not_grow_with_the_number_of_shapes(shape, most):
    assert max(looks(shape, count) for count in (1, 10, 100)) <= most


def test_a_request_that_differs_in_what_all_share_is_done_at_once():
    tree = ConditionTree()
    for number in range(100):
        tree.add(entry(BASE, [exact("n0"), exact(NAMES[1 + number % 19]), exact("headers", f"h{number // 19}")]))  # fmt: skip
    request = Counted(BASE, n0="other")
    assert list(tree.fitting(request)) == []
    assert request.looks <= 2


def test_a_tree_that_lost_all_its_entries_is_as_small_as_a_new_one():
    tree = ConditionTree()
    entries = [entry(*by_two_of_twenty(number)) for number in range(100)]
    for one in entries:
        tree.add(one)
    assert tree.node_count > 100
    for one in entries:
        tree.remove(one)
    assert tree.node_count == 1
    assert list(tree.fitting(BASE)) == []

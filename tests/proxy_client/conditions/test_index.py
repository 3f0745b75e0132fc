import math

from hypothesis import given
from hypothesis import strategies as st

from mixer.attribute.value import Duration, Timestamp
from proxy_client.conditions.condition import Condition
from proxy_client.conditions.index import ConditionIndex


def exact(name, key=None):
    return Condition(name, key, is_present=True)


def absent(name, key=None):
    return Condition(name, key, is_present=False)


def any_value(_value):
    return True


def find(index, attributes):
    return index.find(attributes, any_value)


def test_a_value_is_found_for_all_that_looks_the_same_where_the_conditions_look():
    index = ConditionIndex(10)
    index.put({"a": "1", "b": "2"}, [exact("a"), absent("c")], "first")
    assert find(index, {"a": "1", "b": "other"}) == "first"
    assert find(index, {"a": "other", "b": "2"}) is None
    assert find(index, {"b": "2"}) is None
    assert find(index, {"a": "1", "c": "here"}) is None


def test_no_conditions_are_met_by_every_request():
    index = ConditionIndex(10)
    index.put({"a": "1"}, [], "always")
    assert find(index, {}) == "always"


def test_the_same_conditions_and_values_replace_in_any_order():
    index = ConditionIndex(10)
    index.put({"a": "1", "b": "2"}, [exact("a"), exact("b")], "old")
    index.put({"a": "1", "b": "2"}, [exact("b"), exact("a"), exact("b")], "new")
    assert len(index) == 1
    assert find(index, {"a": "1", "b": "2"}) == "new"


def test_what_does_not_meet_its_own_conditions_is_not_kept():
    index = ConditionIndex(10)
    index.put({"a": "1"}, [exact("b")], "needs what is absent")
    index.put({"a": "1"}, [absent("a")], "needs absence of what is there")
    index.put({"a": float("nan")}, [exact("a")], "equals nothing")
    index.put({"a": {"k": "1"}}, [exact("a")], "a map taken whole")
    assert len(index) == 0


def test_map_entries_count_one_by_one():
    index = ConditionIndex(10)
    index.put({"map": {"k": "1", "other": "x"}}, [exact("map", "k"), absent("map", "no")], "v")
    assert find(index, {"map": {"k": "1"}}) == "v"
    assert find(index, {"map": {"k": "1", "no": "here"}}) is None
    assert find(index, {"map": {"k": "2"}}) is None
    assert find(index, {"map": "k"}) is None
    assert find(index, {}) is None


def test_an_absent_entry_is_absent_from_no_map_too_but_not_from_text():
    index = ConditionIndex(10)
    index.put({"map": {"other": "x"}}, [absent("map", "k")], "v")
    assert find(index, {}) == "v"
    assert find(index, {"map": {}}) == "v"
    assert find(index, {"map": "text"}) is None


def test_a_map_that_is_there_now_is_not_an_absent_one():
    index = ConditionIndex(10)
    index.put({}, [absent("map")], "v")
    assert find(index, {"map": {"k": "1"}}) is None
    assert find(index, {"map": {}}) == "v", "a map without entries is not sent"


SAME_TO_PYTHON = [
    (1, True, 1.0, Timestamp(1), Duration(1)),
    (0, False, 0.0, -0.0, Timestamp(0)),
    ("a", b"a"),
]


def test_values_of_different_types_are_different():
    for values in SAME_TO_PYTHON:
        index = ConditionIndex(10)
        for position, value in enumerate(values):
            index.put({"a": value}, [exact("a")], position)
        found = [find(index, {"a": value}) for value in values]
        assert found == list(range(len(values)))


def test_a_nan_never_fits():
    nan = float("nan")
    index = ConditionIndex(10)
    index.put({"a": 1.5}, [exact("a")], "number")
    index.put({}, [absent("a")], "nothing")
    assert find(index, {"a": nan}) is None


class Colliding(int):
    """Has the hash of every other."""

    __slots__ = ()

    def __hash__(self):
        return 1


def test_a_hash_that_two_values_share_is_no_hit():
    index = ConditionIndex(10)
    index.put({"a": Colliding(1)}, [exact("a")], "v")
    assert find(index, {"a": Colliding(2)}) is None
    assert find(index, {"a": Colliding(1)}) == "v"


def test_the_same_present_part_with_another_absent_part_is_another_slot():
    index = ConditionIndex(10)
    index.put({"a": "1"}, [exact("a"), absent("b")], "without b")
    index.put({"a": "1", "b": "2"}, [exact("a"), absent("c")], "without c")
    assert find(index, {"a": "1", "c": "3"}) == "without b"
    assert find(index, {"a": "1", "b": "2"}) == "without c"


def test_a_refused_value_is_removed_and_the_search_goes_on():
    index = ConditionIndex(10)
    index.put({"a": "1", "b": "2"}, [exact("a")], "by a")
    index.put({"a": "1", "b": "2"}, [exact("b")], "by b")
    seen = []

    def accept(value):
        seen.append(value)
        return len(seen) == 2

    assert index.find({"a": "1", "b": "2"}, accept) == seen[1]
    assert sorted(seen) == ["by a", "by b"]
    assert len(index) == 1
    assert find(index, {"a": "1", "b": "2"}) == seen[1]


def test_the_value_used_longest_ago_goes_first():
    index = ConditionIndex(3)
    for name in "xyz":
        index.put({"a": name}, [exact("a")], name)
    find(index, {"a": "x"})
    index.put({"a": "y"}, [exact("a")], "y again")
    index.put({"a": "new"}, [exact("a")], "new")
    found = [find(index, {"a": name}) for name in ("x", "y", "z", "new")]
    assert found == ["x", "y again", None, "new"]


def test_an_index_for_nothing_stays_empty():
    index = ConditionIndex(0)
    index.put({"a": "1"}, [exact("a")], "v")
    assert len(index) == 0
    assert index.node_count == 1


def test_discarded_values_are_gone_and_their_structure_too():
    index = ConditionIndex(100)
    puts = [({f"n{i}": "1", "m": {f"k{i}": "2"}}, [exact(f"n{i}"), exact("m", f"k{i}")]) for i in range(50)]  # fmt: skip
    for attributes, conditions in puts:
        index.put(attributes, conditions, attributes)
    for attributes, conditions in puts:
        assert find(index, attributes) is attributes
        index.discard(attributes, conditions)
        assert find(index, attributes) is None
    index.discard(*puts[0])
    assert len(index) == 0
    assert index.node_count == 1


def test_ever_new_values_leave_its_size_flat():
    index = ConditionIndex(500)
    conditions = [exact("user"), exact("map", "k"), absent("map", "no"), exact("path")]
    sizes = []
    for number in range(100_000):
        attributes = {"user": f"u{number}", "map": {"k": f"v{number % 7}"}, "path": "/"}
        index.put(attributes, conditions, number)
        if number % 10_000 == 9_999:
            sizes.append((len(index), index.node_count <= 1100))
    assert sizes == [(500, True)] * 10


def test_ever_new_shapes_leave_its_size_flat():
    index = ConditionIndex(500)
    for number in range(20_000):
        name = f"n{number}"
        index.put({name: "1", "m": {name: "2"}}, [exact(name), exact("m", name), absent("x")], name)
    assert len(index) == 500
    assert index.node_count <= 1100


# The index against a walk through all values: both find one that fits, or none.

NAMES = ("a", "b", "c", "m")
TEXTS = st.sampled_from(["1", "2"])
VALUES = TEXTS | st.sampled_from([1, True, 1.0, float("nan"), b"1", Timestamp(1)])
MAPS = st.dictionaries(st.sampled_from("kl"), TEXTS)
ATTRIBUTES = st.fixed_dictionaries({}, optional={**dict.fromkeys("abc", VALUES | MAPS), "m": MAPS})
REFERENCES = st.sampled_from([(name, key) for name in NAMES for key in (None, "k", "l")])


def shown(attributes, name, key):
    """What must be equal, spelt out anew; None when absent, () when nothing can be equal."""
    value = attributes.get(name)
    if isinstance(value, dict):
        if key is not None:
            return value.get(key)
        return () if value else None
    if value is None:
        return None
    is_nan = isinstance(value, float) and math.isnan(value)
    return () if key is not None or is_nan else (type(value), value)


class Walk:
    """All values in the order of use, tried one by one."""

    def __init__(self, max_count):
        self.max_count = max_count
        self.entries = {}

    def put(self, attributes, conditions, value):
        key = frozenset((name, k, shown(attributes, name, k)) for name, k, _ in conditions)
        self.entries.pop(key, None)
        self.entries[key] = value
        if len(self.entries) > self.max_count:
            del self.entries[next(iter(self.entries))]

    def fitting(self, attributes):
        return {
            value: key
            for key, value in self.entries.items()
            if all(shown(attributes, name, k) == what for name, k, what in key)
        }

    def use(self, value):
        key = next(key for key, other in self.entries.items() if other == value)
        self.entries[key] = self.entries.pop(key)

    def discard(self, values):
        self.entries = {key: other for key, other in self.entries.items() if other not in values}


STEPS = st.lists(
    st.tuples(ATTRIBUTES, st.sets(REFERENCES, max_size=5), st.booleans()), min_size=15, max_size=80
)


@given(steps=STEPS, max_count=st.integers(1, 30))
def test_it_finds_what_a_walk_through_all_values_finds(steps, max_count):
    index, walk = ConditionIndex(max_count), Walk(max_count)
    for number, (attributes, references, is_refused) in enumerate(steps):
        fitting = walk.fitting(attributes)
        if is_refused:
            refused = []
            assert index.find(attributes, refused.append) is None
            assert sorted(refused) == sorted(fitting)
            walk.discard(refused)
        elif fitting:
            found = find(index, attributes)
            assert found in fitting
            walk.use(found)
        else:
            assert find(index, attributes) is None
        seen = [(name, key, shown(attributes, name, key)) for name, key in references]
        conditions = [Condition(n, k, is_present=s is not None) for n, k, s in seen if s != ()]
        index.put(attributes, conditions, number)
        walk.put(attributes, conditions, number)
        assert len(index) == len(walk.entries)
        assert index.node_count <= 1 + 6 * len(index)

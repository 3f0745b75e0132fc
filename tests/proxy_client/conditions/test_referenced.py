import pytest

from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp
from protos.mixer.v1.mixer_pb2 import ReferencedAttributes
from proxy_client.conditions.condition import Condition
from proxy_client.conditions.index import ConditionIndex
from proxy_client.conditions.referenced import conditions

EXACT = ReferencedAttributes.EXACT
ABSENCE = ReferencedAttributes.ABSENCE
OWN_WORDS = ["bool-key", "map-key", "key1", "key2", "missing", "user-key"]


def index_of(word):
    return GLOBAL_INDEX[word] if word in GLOBAL_INDEX else ~OWN_WORDS.index(word)


def message(*matches):
    """A message from (condition, name) or (condition, name, key)."""
    built = ReferencedAttributes(words=OWN_WORDS)
    for condition, *words in matches:
        name, key = (*map(index_of, words), 0)[:2]
        built.attribute_matches.add(condition=condition, name=name, map_key=key)
    return built


def printed(found):
    """Each condition as `name[key]`, with `!` for absence."""
    return [f"{'' if c.is_present else '!'}{c.name}[{c.key or ''}]" for c in found]


EVERY_TYPE = {
    "source.name": "text",
    "source.ip": b"\x0a\x00\x00\x01",
    "response.size": 12,
    "request.size": 1.5,
    "bool-key": True,
    "request.time": Timestamp(1),
    "response.duration": Duration(2),
    "map-key": {"key1": "a", "key2": "b", "key3": "c"},
}


def test_rf1_conditions_are_in_the_order_of_names_and_keys():
    found = conditions(
        message(
            (EXACT, "source.name"),
            (EXACT, "map-key", "key2"),
            (ABSENCE, "target.service"),
            (EXACT, "bool-key"),
            (EXACT, "response.size"),
            (ABSENCE, "missing"),
            (EXACT, "map-key", "key1"),
            (ABSENCE, "map-key", "user-key"),
            (EXACT, "request.time"),
            (EXACT, "response.duration"),
            (EXACT, "request.size"),
            (EXACT, "source.ip"),
        ),
        EVERY_TYPE,
    )
    assert printed(found) == [
        "bool-key[]",
        "map-key[key1]",
        "map-key[key2]",
        "!map-key[user-key]",
        "!missing[]",
        "request.size[]",
        "request.time[]",
        "response.duration[]",
        "response.size[]",
        "source.ip[]",
        "source.name[]",
        "!target.service[]",
    ]


@pytest.mark.parametrize(
    "index",
    [
        len(GLOBAL_WORDS),  # rf2: beyond the dictionary
        ~len(OWN_WORDS),  # rf3: beyond the message's words
    ],
)
def test_rf2_rf3_an_index_that_points_nowhere_spoils_the_message(index):
    spoilt = message((EXACT, "source.name"))
    spoilt.attribute_matches.add(condition=ABSENCE, name=index)
    assert conditions(spoilt, EVERY_TYPE) is None


def test_rf4_what_should_be_absent_is_there():
    absent = message((ABSENCE, "target.service"))
    assert conditions(absent, {"target.service": "here"}) is None
    assert conditions(absent, {}) == (Condition("target.service", None, is_present=False),)


def test_rf5_one_of_many_names_is_not_enough():
    names = [(EXACT, name) for name in EVERY_TYPE if name != "map-key"]
    assert conditions(message(*names), {"source.name": "text"}) is None


def test_rf6_every_type_can_be_learnt_and_found_again():
    """The original's extra key, for quotas, is here an index of its own for each quota."""
    learnt = message(*((EXACT, name) for name in EVERY_TYPE if name != "map-key"), (EXACT, "map-key", "key1"))  # fmt: skip
    index = ConditionIndex(1)
    index.put(EVERY_TYPE, conditions(learnt, EVERY_TYPE), "found")
    assert index.find(dict(reversed(EVERY_TYPE.items())), bool) == "found", "in any order"
    for name in EVERY_TYPE:
        assert index.find({**EVERY_TYPE, name: "other"}, bool) is None


RF7 = {"map-key1": "this is a string", "map-key2": {"k4": "v4", "k5": "v5"}}
RF7_MESSAGE = ReferencedAttributes(words=["map-key1", "map-key2", "map-key3", "k4", "k5", "k6", "k7"])  # fmt: skip
for name, key, condition in (
    (~0, 0, EXACT),
    (~1, ~3, EXACT),
    (~1, ~4, EXACT),
    (~1, ~5, ABSENCE),
    (~1, ~6, ABSENCE),
    (~2, 0, ABSENCE),
):
    RF7_MESSAGE.attribute_matches.add(name=name, map_key=key, condition=condition)


@pytest.mark.parametrize(
    "other",
    [
        {**RF7, "map-key3": "there"},
        {**RF7, "map-key3": {"k": "v"}},
        {"map-key2": RF7["map-key2"]},
        {**RF7, "map-key2": {"k4": "v4", "k5": "v5", "k6": "v6"}},
        {**RF7, "map-key2": {"k5": "v5"}},
    ],
)
def test_rf7_one_difference_in_names_or_keys_is_too_much(other):
    learnt = conditions(RF7_MESSAGE, RF7)
    assert printed(learnt) == [
        "map-key1[]",
        "map-key2[k4]",
        "map-key2[k5]",
        "!map-key2[k6]",
        "!map-key2[k7]",
        "!map-key3[]",
    ]
    assert conditions(RF7_MESSAGE, other) is None
    index = ConditionIndex(1)
    index.put(RF7, learnt, "found")
    assert index.find(RF7, bool) == "found"
    assert index.find(other, bool) is None


def test_a_key_is_only_looked_at_when_the_attribute_is_a_map():
    keyed = message((EXACT, "map-key", "key1"))
    assert conditions(keyed, {"map-key": {"key1": "a"}}) == (Condition("map-key", "key1", is_present=True),)  # fmt: skip
    assert conditions(keyed, {"map-key": "text"}) == (Condition("map-key", None, is_present=True),)
    assert conditions(keyed, {}) is None


def test_a_key_that_points_nowhere_only_matters_in_a_map():
    keyed = ReferencedAttributes(words=["name"])
    keyed.attribute_matches.add(name=~0, map_key=~1, condition=EXACT)
    assert conditions(keyed, {"name": {"k": "v"}}) is None
    assert conditions(keyed, {"name": "text"}) == (Condition("name", None, is_present=True),)


@pytest.mark.parametrize("condition", [EXACT, ABSENCE])
@pytest.mark.parametrize("key", ["source.ip", "key1"])
def test_no_key_on_a_map_is_word_0_too_and_therefore_spoils_the_message(condition, key):
    assert conditions(message((condition, "map-key")), {"map-key": {key: "a"}}) is None


def test_a_map_without_entries_was_never_sent():
    absent = message((ABSENCE, "map-key"))
    assert conditions(absent, {"map-key": {}}) == (Condition("map-key", None, is_present=False),)


def test_an_absent_map_that_is_there_later_does_not_fit():
    absent = message((ABSENCE, "map-key"))
    index = ConditionIndex(1)
    index.put({}, conditions(absent, {}), "learnt without it")
    assert index.find({}, bool) == "learnt without it"
    assert index.find({"map-key": {"key1": "a"}}, bool) is None


def test_a_regex_spoils_the_message():
    assert conditions(message((ReferencedAttributes.REGEX, "source.name")), EVERY_TYPE) is None


def test_an_unspecified_condition_says_nothing():
    unspecified = message((0, "source.name"), (EXACT, "bool-key"))
    assert printed(conditions(unspecified, EVERY_TYPE)) == ["bool-key[]"]
    beyond = ReferencedAttributes()
    beyond.attribute_matches.add(name=10_000)
    assert conditions(beyond, {}) == ()


def test_an_empty_list_fits_every_request():
    assert conditions(ReferencedAttributes(), EVERY_TYPE) == ()


def test_what_is_said_twice_counts_once():
    assert printed(conditions(message((EXACT, "bool-key"), (EXACT, "bool-key")), EVERY_TYPE)) == ["bool-key[]"]  # fmt: skip


def test_a_nan_cannot_be_met_again():
    assert conditions(message((EXACT, "request.size")), {"request.size": float("nan")}) is None


def test_a_message_too_long_to_remember_is_read_all_the_same():
    words = [f"{position:050}" for position in range(200)]
    long = ReferencedAttributes(words=words)
    for slot in range(200):
        long.attribute_matches.add(name=~slot, condition=ABSENCE)
    assert printed(conditions(long, {})) == [f"!{word}[]" for word in words]


def test_equal_messages_share_their_conditions():
    first, second = (conditions(message((EXACT, "bool-key")), EVERY_TYPE) for _ in range(2))
    assert first[0] is second[0]

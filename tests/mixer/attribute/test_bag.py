"""What a bag remembers of what was read."""

from mixer.attribute.bag import MappingBag, StringMap


def _bag():
    return MappingBag({"source.name": "a", "request.headers": {"x": "1"}, "request.size": 0})


def test_a_new_bag_has_read_nothing():
    assert _bag().references == ()


def test_reading_records_presence_and_absence_once_each_in_order():
    bag = _bag()
    names = ("source.name", "source.uid", "source.name", "request.size")
    assert [bag.read(name) for name in names] == ["a", None, "a", 0]
    assert bag.references == (
        ("source.name", None, True),
        ("source.uid", None, False),
        ("request.size", None, True),
    )


def test_a_map_is_recorded_by_the_keys_that_are_looked_up():
    bag = _bag()
    headers = bag.read("request.headers")
    assert isinstance(headers, StringMap)
    assert [bag.look_up(headers, key) for key in ("x", "y", "x")] == ["1", None, "1"]
    assert bag.references == (("request.headers", "x", True), ("request.headers", "y", False))


def test_a_map_that_is_absent_is_recorded_as_an_attribute():
    bag = _bag()
    assert bag.read("source.labels") is None
    assert bag.references == (("source.labels", None, False),)


def test_a_map_used_whole_leaves_no_record():
    bag = _bag()
    assert bag["request.headers"].entries == {"x": "1"}
    assert bag.references == ()


def test_generated_attributes_are_read_without_a_record():
    bag = _bag()
    bag.generate({"source.owner": "o", "source.labels": {"app": "web"}})
    labels = bag.read("source.labels")
    assert (bag.read("source.owner"), bag.look_up(labels, "app")) == ("o", "web")
    assert bag.references == ()


def test_a_generated_attribute_never_replaces_what_the_client_sent():
    bag = _bag()
    bag.generate({"source.name": "generated"})
    assert bag.read("source.name") == "a"
    assert bag.references == (("source.name", None, True),)


def test_of_two_generators_the_first_wins():
    bag = _bag()
    bag.generate({"source.owner": "first"})
    bag.generate({"source.owner": "second"})
    assert bag["source.owner"] == "first"


def test_a_bag_that_starts_anew_remembers_what_it_is_told_to():
    bag = _bag()
    _ = bag.read("source.name")
    before = bag.references
    _ = bag.read("request.size")
    bag.restart(before)
    _ = bag.read("source.uid")
    assert bag.references == (("source.name", None, True), ("source.uid", None, False))

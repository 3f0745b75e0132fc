"""What a bag remembers of what was read."""

from mixer.attribute.bag import MappingBag, StringMap


def _bag():
    return MappingBag({"source.name": "a", "request.headers": {"x": "1"}, "request.size": 0})


def test_a_new_bag_has_read_nothing():
    assert _bag().references == []


def test_reading_records_presence_and_absence_once_each_in_order():
    bag = _bag()
    assert [bag[n] for n in ("source.name", "source.uid", "source.name", "request.size")] == [
        "a",
        None,
        "a",
        0,
    ]
    assert bag.references == [
        ("source.name", None, True),
        ("source.uid", None, False),
        ("request.size", None, True),
    ]


def test_a_map_is_recorded_by_the_keys_that_are_looked_up():
    bag = _bag()
    headers = bag["request.headers"]
    assert isinstance(headers, StringMap)
    assert (headers["x"], headers["y"], headers["x"]) == ("1", None, "1")
    assert bag.references == [("request.headers", "x", True), ("request.headers", "y", False)]


def test_a_map_that_is_absent_is_recorded_as_an_attribute():
    bag = _bag()
    assert bag["source.labels"] is None
    assert bag.references == [("source.labels", None, False)]


def test_a_map_used_whole_leaves_no_record():
    bag = _bag()
    assert bag["request.headers"].entries == {"x": "1"}
    assert bag.references == []


def test_generated_attributes_are_read_without_a_record():
    bag = _bag()
    bag.generate({"source.owner": "o", "source.labels": {"app": "web"}})
    assert (bag["source.owner"], bag["source.labels"]["app"]) == ("o", "web")
    assert bag.references == []


def test_a_generated_attribute_never_replaces_what_the_client_sent():
    bag = _bag()
    bag.generate({"source.name": "generated"})
    assert bag["source.name"] == "a"


def test_of_two_generators_the_first_wins():
    bag = _bag()
    bag.generate({"source.owner": "first"})
    bag.generate({"source.owner": "second"})
    assert bag["source.owner"] == "first"


def test_a_fork_remembers_the_first_reads_only():
    bag = _bag()
    _ = bag["source.name"]
    _ = bag["request.headers"]["x"]
    mark = len(bag.references)
    _ = bag["request.size"]
    fork = bag.fork(mark)
    assert fork.references == [("source.name", None, True), ("request.headers", "x", True)]


def test_reads_of_a_fork_are_its_own():
    bag = _bag()
    _ = bag["request.headers"]["x"]
    fork = bag.fork(0)
    assert (fork["request.size"], fork["request.headers"]["y"]) == (0, None)
    assert fork.references == [("request.size", None, True), ("request.headers", "y", False)]
    assert bag.references == [("request.headers", "x", True)]


def test_a_fork_keeps_generated_attributes():
    bag = _bag()
    bag.generate({"source.owner": "o"})
    fork = bag.fork(0)
    assert fork["source.owner"] == "o"
    assert fork.references == []

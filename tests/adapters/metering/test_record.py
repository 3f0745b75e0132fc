import pytest

from adapters.metering.params import IdFrom, Meter
from adapters.metering.record import RecordReader, UsageRecord, digest
from mixer.adapter import Duration, Timestamp
from mixer.template.metric import Instance

NAME = "calls.instance.shop"
NOW = Timestamp.parse("2019-06-01T10:00:00Z")
HOUR_NS = 3600 * 10**9


def meter(**fields):
    return Meter(instance=NAME, what="api-calls", unit="call", **fields)


def read(meter, value=1, now=NOW, **dimensions):
    reader = RecordReader(meter, 24 * HOUR_NS)
    return reader.read(Instance(name=meter.instance, value=value, dimensions=dimensions), now)


def test_a_record_says_who_used_how_much_of_what_and_when():
    begin, end = Timestamp(NOW - 5), Timestamp(NOW - 2)

    record = read(
        meter(decimals=2, customer="who", id="request", begin="from", end="to"),
        value=1.25,
        **{"who": "acme", "request": "r-1", "from": begin, "to": end},
    )

    assert record == UsageRecord(
        id=digest([NAME, "acme", "r-1"]),
        begin_ns=begin,
        end_ns=end,
        customer="acme",
        what="api-calls",
        unit="call",
        decimals=2,
        amount=125,
        source=NAME,
        reference="r-1",
    )


def test_without_times_of_its_own_a_record_has_the_time_of_the_report():
    record = read(meter(), customer="acme", id="r-1")

    assert (record.begin_ns, record.end_ns) == (NOW, NOW)


def test_usage_does_not_end_before_it_begins():
    begin = Timestamp(NOW - 5)
    times = meter(begin="from", end="to")

    record = read(times, customer="acme", id="r", **{"from": begin, "to": Timestamp(0)})

    assert (record.begin_ns, record.end_ns) == (begin, begin)


def test_the_id_of_a_request_counts_for_each_customer_and_instance_apart():
    other = Meter(instance="bytes.instance.shop", what="traffic", unit="byte")

    ids = {
        read(meter(), customer="acme", id="r-1").id,
        read(meter(), customer="acme", id="r-1", now=NOW + HOUR_NS, value=5).id,  # the same
        read(meter(), customer="acme", id="r-2").id,
        read(meter(), customer="zoo", id="r-1").id,
        read(other, customer="acme", id="r-1").id,
        read(meter(), customer="acmer", id="-1").id,
    }

    assert len(ids) == 5


def test_by_content_everything_tells_requests_apart():
    by_content = meter(id_from=IdFrom.CONTENT, begin="time")
    usual = {"customer": "acme", "path": "/a", "time": Timestamp(NOW - 1000)}

    ids = {
        read(by_content, **usual).id,
        read(by_content, **usual, now=NOW + HOUR_NS).id,  # the same
        read(by_content, **usual | {"path": "/b"}).id,
        read(by_content, **usual | {"customer": "zoo"}).id,
        read(by_content, **usual | {"time": Timestamp(NOW - 999)}).id,  # of the same microsecond
        read(by_content, **usual, value=2).id,
    }

    assert len(ids) == 5


def test_without_an_id_everything_is_new():
    any_time = meter(id_from=IdFrom.NONE)

    assert read(any_time, customer="acme").id != read(any_time, customer="acme").id


@pytest.mark.parametrize(
    ("dimensions", "value", "message"),
    [
        ({"customer": "", "id": "r"}, 1, "dimension customer is empty"),
        ({"customer": "acme", "id": ""}, 1, "dimension id is empty"),
        ({"customer": "acme"}, 1, "dimension id is empty"),
        (
            {"customer": "a\0", "id": "r"},
            1,
            "dimension customer is no text of at most 4096 characters",
        ),
        (
            {"customer": "acme", "id": "r" * 4097},
            1,
            "dimension id is no text of at most 4096 characters",
        ),
        (
            {"customer": "\udc80", "id": "r"},
            1,
            "dimension customer is no text of at most 4096 characters",
        ),
        ({"customer": "acme", "id": "r"}, -1, "negative: -1"),
    ],
)
def test_a_sample_that_cannot_be_charged_is_refused(dimensions, value, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(meter(), value, **dimensions)


@pytest.mark.parametrize(
    ("age_ns", "message"),
    [
        (24 * HOUR_NS + 1, "older than the retention: 2019-05-31T09:59:59.999999Z"),
        (-HOUR_NS - 1000, "in the future: 2019-06-01T11:00:00.000001Z"),
    ],
)
def test_times_that_nobody_can_believe_are_refused(age_ns, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(meter(begin="time"), customer="acme", id="r", time=Timestamp(NOW - age_ns))


def test_a_time_must_be_one():
    with pytest.raises(ValueError, match="^dimension time is no TIMESTAMP$"):
        read(meter(begin="time"), customer="acme", id="r", time=Duration(5))

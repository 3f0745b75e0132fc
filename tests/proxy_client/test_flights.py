import pytest

from mixer.attribute.value import Duration, Timestamp
from proxy_client.flights import Flights, Seat, kind_of
from proxy_client.verdict import Verdict

REQUEST = {
    "source.name": "here",
    "source.ip": b"\x7f\x00\x00\x01",
    "request.size": 7,
    "request.time": Timestamp(1),
    "response.duration": Duration(2),
    "request.headers": {"user-agent": "curl", "x-request-id": "1"},
    "source.labels": {"app": "reviews"},
}


@pytest.mark.parametrize(
    "other",
    [
        {"request.time": Timestamp(2)},
        {"request.id": "7"},
        {"source.port": 1234},
        {"request.headers": {"x-request-id": "2", "user-agent": "curl", "x-b3-spanid": "3"}},
    ],
)
def test_what_only_names_a_request_makes_no_difference(other):
    assert kind_of(REQUEST | other) == kind_of(REQUEST)


@pytest.mark.parametrize(
    "other",
    [
        {"source.name": "there"},
        {"request.size": 8},
        {"request.headers": {"user-agent": "wget", "x-request-id": "1"}},
        {"source.labels": {"app": "reviews", "x-request-id": "1"}},
        {"destination.name": "here"},
    ],
)
def test_all_else_does(other):
    assert kind_of(REQUEST | other) != kind_of(REQUEST)


def test_the_first_leads_and_the_others_are_told_when_it_lands():
    flights, told = Flights(10), []
    assert flights.board("kind", told.append) is Seat.LEADS
    assert flights.board("kind", told.append) is Seat.FOLLOWS
    assert flights.board("other", told.append) is Seat.LEADS
    assert len(flights) == 2

    failure = Verdict()
    flights.land("kind", failure)
    assert told == [failure]

    assert flights.board("kind", told.append) is Seat.LEADS
    flights.land("kind")
    assert told == [failure]


def test_there_are_no_more_flights_than_may_be():
    flights = Flights(1)
    assert flights.board("kind", print) is Seat.LEADS
    assert flights.board("other", print) is Seat.ALONE
    assert len(flights) == 1
    assert Flights(0).board("kind", print) is Seat.ALONE

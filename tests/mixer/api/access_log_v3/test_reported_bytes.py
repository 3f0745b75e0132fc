"""Bytes since the last report."""

from envoy.data.accesslog.v3.accesslog_pb2 import AccessLogType, TCPAccessLogEntry

from mixer.api.access_log_v3.reported_bytes import ReportedBytes


def entry(kind, received, sent, connection="c"):
    message = TCPAccessLogEntry()
    message.common_properties.stream_id = connection
    message.common_properties.access_log_type = AccessLogType.Value(kind)
    message.connection_properties.received_bytes = received
    message.connection_properties.sent_bytes = sent
    return message


def test_they_add_up_to_the_totals():
    counted = ReportedBytes()
    life = [
        counted.since_last(entry("TcpUpstreamConnected", 100, 0)),
        counted.since_last(entry("TcpPeriodic", 150, 40)),
        counted.since_last(entry("TcpPeriodic", 150, 40)),
        counted.since_last(entry("TcpConnectionEnd", 151, 1000)),
    ]
    assert life == [(100, 0), (50, 40), (0, 0), (1, 960)]


def test_connections_are_counted_apart():
    counted = ReportedBytes()
    counted.since_last(entry("TcpPeriodic", 10, 1, "a"))
    assert counted.since_last(entry("TcpPeriodic", 7, 2, "b")) == (7, 2)
    assert counted.since_last(entry("TcpConnectionEnd", 11, 1, "a")) == (1, 0)


def test_an_entry_alone_has_moved_it_all():
    assert ReportedBytes().since_last(entry("TcpConnectionEnd", 5, 6)) == (5, 6)


def test_a_connection_is_forgotten_at_its_end():
    counted = ReportedBytes()
    counted.since_last(entry("TcpPeriodic", 5, 6))
    counted.since_last(entry("TcpConnectionEnd", 5, 6))
    assert counted.since_last(entry("TcpPeriodic", 5, 6)) == (5, 6)


def test_entries_without_an_id_of_the_connection_are_not_compared():
    counted = ReportedBytes()
    counted.since_last(entry("TcpPeriodic", 5, 6, ""))
    assert counted.since_last(entry("TcpPeriodic", 9, 9, "")) == (9, 9)


def test_totals_that_fall_count_for_nothing():
    counted = ReportedBytes()
    counted.since_last(entry("TcpPeriodic", 5, 6))
    assert counted.since_last(entry("TcpPeriodic", 4, 8)) == (0, 2)


def test_past_the_bound_the_one_that_was_silent_longest_is_forgotten():
    counted = ReportedBytes(max_count=2)
    counted.since_last(entry("TcpPeriodic", 1, 1, "a"))
    counted.since_last(entry("TcpPeriodic", 1, 1, "b"))
    counted.since_last(entry("TcpPeriodic", 2, 2, "a"))
    counted.since_last(entry("TcpPeriodic", 1, 1, "c"))
    assert counted.since_last(entry("TcpPeriodic", 3, 3, "a")) == (1, 1)
    assert counted.since_last(entry("TcpPeriodic", 3, 3, "b")) == (3, 3)

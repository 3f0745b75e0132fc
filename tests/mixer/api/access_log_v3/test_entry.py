"""Entries along the life of a request or a connection."""

import pytest
from envoy.data.accesslog.v3.accesslog_pb2 import AccessLogCommon, AccessLogType
from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsMessage
from google.protobuf import text_format

from mixer.api.access_log_v3.entry import Origin, event_of, is_end_of_request

LIVES = {
    # type: (event of a connection, whether it stands for a whole request)
    "NotSet": ("close", True),
    "TcpUpstreamConnected": ("open", False),
    "TcpPeriodic": ("continue", False),
    "TcpConnectionEnd": ("close", True),
    "DownstreamStart": ("open", False),
    "DownstreamPeriodic": ("continue", False),
    "DownstreamEnd": ("close", True),
    "UpstreamPoolReady": ("open", False),
    "UpstreamPeriodic": ("continue", False),
    # one attempt of a request: a retry makes another
    "UpstreamEnd": ("close", False),
    "DownstreamTunnelSuccessfullyEstablished": ("open", False),
    "UdpTunnelUpstreamConnected": ("open", False),
    "UdpPeriodic": ("continue", False),
    "UdpSessionEnd": ("close", True),
}


def common(number, *, intermediate=False):
    return AccessLogCommon(access_log_type=number, intermediate_log_entry=intermediate)


@pytest.mark.parametrize(("name", "number"), AccessLogType.items())
def test_the_type_says_where_an_entry_stands(name, number):
    message = common(number)
    assert (event_of(message), is_end_of_request(message)) == LIVES[name]


@pytest.mark.parametrize("number", [0, 99])
def test_without_a_type_that_is_known_the_older_flag_does(number):
    before = common(number, intermediate=True)
    assert (event_of(before), is_end_of_request(before)) == ("continue", False)
    end = common(number)
    assert (event_of(end), is_end_of_request(end)) == ("close", True)


def test_of_the_node_all_is_kept_but_its_extensions():
    identifier = text_format.Parse(
        """
        node { id: "n" metadata { fields { key: "NAMESPACE" value { string_value: "back" } } }
               extensions { name: "x" } }
        log_name: "mesh"
        """,
        StreamAccessLogsMessage.Identifier(),
    )
    origin = Origin.of(identifier)

    assert identifier.node.extensions[0].name == "x"
    identifier.node.ClearField("extensions")
    assert origin == Origin(identifier, {"NAMESPACE": "back"})

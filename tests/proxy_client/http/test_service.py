from proxy_client.http.forwarded import decode_forwarded
from proxy_client.http.service import HttpService

SERVER = HttpService(
    attributes={"context.reporter.kind": "inbound", "destination.uid": "of the server"},
    forward_attributes={"source.uid": "of the server", "source.namespace": "shop"},
)


# HH4, HH6
def test_a_route_adds_to_what_the_server_knows_and_overwrites_it_by_name():
    routed = SERVER.with_route(
        {"destination.uid": "of the route", "destination.labels": {"a": "b"}}
    )

    assert routed == HttpService(
        attributes={
            "context.reporter.kind": "inbound",
            "destination.uid": "of the route",
            "destination.labels": {"a": "b"},
        },
        forward_attributes=SERVER.forward_attributes,  # HH6: those of the server, without others
    )
    assert SERVER.attributes["destination.uid"] == "of the server"


# HH5
def test_what_a_route_hands_on_overwrites_what_the_server_hands_on():
    routed = SERVER.with_route(forward_attributes={"source.uid": "of the route"})

    assert decode_forwarded(routed.forward_header) == {
        "source.uid": "of the route",
        "source.namespace": "shop",
    }


# HH9: known of nothing, handed on all the same.
def test_a_service_that_is_not_configured_still_hands_on():
    service = HttpService(forward_attributes={"source.uid": "a"})

    assert decode_forwarded(service.forward_header) == {"source.uid": "a"}
    assert HttpService().forward_header is None


def test_a_route_of_a_gateway_believes_no_more_than_the_gateway():
    assert HttpService(ignores_forwarded=True).with_route().ignores_forwarded

"""Reports: cases of the original's tests by their ids there, on library and filter at a time.

Each step compares verdicts, calls, reports and counters of both; what is asserted here is what both
are to do.
"""

import base64

from tests.proxy_client.wasm.twin.cases import asking, twins
from tests.proxy_client.wasm.twin.requests import FORWARDED, Response
from tests.proxy_client.wasm.twin.said import said
from tests.proxy_client.wasm.twin.settings import Settings, attributes_message


def test_rb1_batches_of_one_go_out_at_once():
    pair = twins(Settings(batch_entries=1, is_checked=False))
    for _ in range(3):
        pair.ask(asking(), said())
    assert [len(report.bags) for report in pair.library.reports()] == [1, 1, 1]


def test_rb2_a_batch_goes_out_when_it_is_full():
    pair = twins(Settings(batch_entries=3, is_checked=False))
    for _ in range(10):
        pair.ask(asking(), said())
    assert [len(report.bags) for report in pair.library.reports()] == [3, 3, 3]


def test_rb3_or_when_its_time_has_come():
    pair = twins(Settings(batch_s=1.0, is_checked=False))
    pair.ask(asking(), said())
    pair.advance(0.9)
    assert pair.library.reports() == []
    pair.advance(0.1)
    assert [len(report.bags) for report in pair.library.reports()] == [1]
    pair.advance(5)
    assert len(pair.library.reports()) == 1


def test_what_waits_goes_out_when_the_configuration_ends():
    pair = twins(Settings(is_checked=False))
    for _ in range(2):
        pair.ask(asking(), said())
    pair.shut_down()
    assert [len(report.bags) for report in pair.library.reports()] == [2]


def test_g10_a_request_that_another_filter_has_answered_is_reported():
    pair = twins(Settings(batch_entries=1))
    response = Response(headers=((":status", "503"),), code=503, flags=1 << 10, upstream="")
    pair.answered_early(asking(), response)
    ((bag,), _) = pair.library.reports()[0]
    assert "check.cache_hit" not in bag
    assert (bag["context.proxy_error_code"], bag["request.total_size"]) == ("FI", 0)
    assert pair.counters == {
        "report_calls": 1,
        "remote_report_calls": 1,
        "remote_report_successes": 1,
    }


def test_g11_a_gateway_believes_nobody():
    data = attributes_message({"source.uid": "kubernetes://bad"}).SerializeToString()
    header = (FORWARDED, base64.b64encode(data).decode())
    for ignores, wanted in ((True, None), (False, "kubernetes://bad")):
        pair = twins(Settings(ignores_forwarded=ignores))
        pair.arrive(asking("/", header))
        assert pair.waiting[0].attributes.get("source.uid") == wanted

"""The requests have the sizes that they are said to have."""

from benchmarks.micro.requests import (
    check_attributes,
    check_request,
    report_attributes,
    report_request,
    varied_reports,
)
from mixer.api import mixer_v1
from mixer.attribute.bag import StringMap
from mixer.attribute.compressed import CompressedBag, Words
from protos.mixer.v1 import lazy_pb2
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest


def counts(message):
    kinds = ("strings", "int64s", "bools", "timestamps", "durations", "bytes", "string_maps")
    return {kind: len(getattr(message, kind)) for kind in kinds if getattr(message, kind)}


def read_whole(bag, names):
    values = {name: bag[name] for name in names}
    return {
        name: value.entries if isinstance(value, StringMap) else value
        for name, value in values.items()
    }


def test_a_check_has_25_attributes_over_21_words_of_its_own():
    message = CheckRequest.FromString(check_request()).attributes

    assert counts(message) == {
        "strings": 15,
        "int64s": 2,
        "bools": 1,
        "timestamps": 2,
        "bytes": 2,
        "string_maps": 3,
    }
    assert len(message.words) == 21
    assert sorted(len(m.entries) for m in message.string_maps.values()) == [2, 2, 12]


def test_a_check_asks_for_one_unit_of_quota_if_it_is_to():
    plain = CheckRequest.FromString(check_request())
    asking = CheckRequest.FromString(check_request(with_quota=True))

    assert dict(plain.quotas) == {}
    assert {n: (q.amount, q.best_effort) for n, q in asking.quotas.items()} == {
        "requestcount": (1, True)
    }


def test_a_bag_of_a_report_has_39_attributes_and_no_words_of_its_own():
    [message] = ReportRequest.FromString(report_request(1)).attributes

    assert counts(message) == {
        "strings": 19,
        "int64s": 7,
        "bools": 3,
        "timestamps": 3,
        "durations": 1,
        "bytes": 2,
        "string_maps": 4,
    }
    assert list(message.words) == []


def test_each_further_bag_brings_a_path_and_a_request_id_to_the_shared_words():
    sizes = {n: len(ReportRequest.FromString(report_request(n)).default_words) for n in (1, 2, 100)}

    # 24; a path, an id, a workload and a time of the second bag; in the end 3 workloads, 5 times
    assert sizes == {1: 24, 2: 28, 100: 24 + 2 * 99 + 2 + 4}


def test_in_varied_reports_words_stand_elsewhere_each_time():
    reports = list(varied_reports(100, 21))
    words = {tuple(ReportRequest.FromString(report).default_words) for report in reports}

    assert len(words) == 20
    assert reports[20] == reports[0]
    assert {len(ReportRequest.FromString(report).attributes) for report in reports} == {100}


def test_a_check_decodes_to_the_attributes_that_it_was_made_of():
    message = lazy_pb2.CheckRequest.FromString(check_request()).attributes
    bag = CompressedBag(message, Words(list(message.words)))

    assert read_whole(bag, check_attributes()) == check_attributes()


def test_bags_of_a_report_decode_to_the_attributes_that_they_were_made_of():
    request = lazy_pb2.ReportRequest.FromString(report_request(12))

    decoded = [read_whole(bag, report_attributes(0)) for bag in mixer_v1.bags(request)]

    assert decoded == [report_attributes(number) for number in range(12)]

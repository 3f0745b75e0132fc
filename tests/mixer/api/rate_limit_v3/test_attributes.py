"""Which attributes the entries of a descriptor give."""

import pytest

from mixer.api.mapping import MappedBag, readers
from mixer.api.rate_limit_v3.attributes import ROWS, Descriptor

# An entry, the attributes it gives, and their values.
ENTRIES = [
    ("source.name", {"source.name"}, "a"),
    ("destination.namespace", {"destination.namespace"}, "shop"),
    ("request.api_key", {"request.api_key"}, "k-1"),
    ("source_cluster", {"source.service"}, "frontend"),
    ("destination_cluster", {"xds.cluster_name"}, "reviews"),
    ("generic_key", set(), "x"),
    ("header_match", set(), "x"),
    ("masked_remote_address", set(), "10.0.0.0/8"),
    ("quota", set(), "calls"),
]


def attributes_of(**entries):
    bag = MappedBag(Descriptor("edge", entries), readers(*ROWS))
    names = {row.attribute for row in ROWS} - {"ratelimit.domain", "ratelimit.descriptor"}
    return {name: bag[name] for name in names if bag[name] is not None}


@pytest.mark.parametrize(("key", "attributes", "value"), ENTRIES)
def test_entries_become_attributes(key, attributes, value):
    assert attributes_of(**{key: value}) == dict.fromkeys(attributes, value)


@pytest.mark.parametrize(
    ("text", "address"),
    [("10.1.2.3", b"\x0a\x01\x02\x03"), ("::1", bytes(15) + b"\x01")],
)
def test_addresses_become_addresses(text, address):
    assert attributes_of(remote_address=text) == {"source.ip": address, "origin.ip": address}
    assert attributes_of(**{"destination.ip": text}) == {"destination.ip": address}


def test_an_entry_by_the_attributes_name_counts_before_envoys_own():
    entries = {"remote_address": "10.0.0.1", "source.ip": "10.0.0.2"}
    assert attributes_of(**entries) == {
        "source.ip": bytes([10, 0, 0, 2]),
        "origin.ip": bytes([10, 0, 0, 1]),
    }


def test_what_is_no_address_and_what_is_empty_is_absent():
    assert attributes_of(remote_address="pipe", **{"source.name": ""}) == {}


def test_domain_and_all_entries_are_attributes_too():
    bag = MappedBag(Descriptor("edge", {"generic_key": "x"}), readers(*ROWS))
    assert bag["ratelimit.domain"] == "edge"
    assert bag["ratelimit.descriptor"].entries == {"generic_key": "x"}
    nothing = MappedBag(Descriptor("", {}), readers(*ROWS))
    assert [nothing["ratelimit.domain"], nothing["ratelimit.descriptor"]] == [None, None]

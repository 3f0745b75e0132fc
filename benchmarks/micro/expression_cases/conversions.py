"""Expression cases: times, addresses, DNS names, e-mail addresses and URIs."""

from typing import Final

from benchmarks.micro.expression_cases.case import (
    BOOL,
    DNS_NAME,
    EMAIL_ADDRESS,
    IP_ADDRESS,
    TIMESTAMP,
    URI,
    failing,
    giving,
    instant,
    ipv4,
    ipv6,
)

CONVERSIONS: Final = (
    giving("adns == bdns", {"adns": "BÜCHER.de", "bdns": "xn--bcher-kva.de"}, BOOL, True),
    failing(
        "adns == bdns",
        {"adns": "a_b", "bdns": "a_b"},
        BOOL,
        "idna: disallowed rune in 'a_b'",
    ),
    giving("amail != amail", {"amail": "<a@b.com>"}, BOOL, False),
    giving("auri != auri", {"auri": "http://b.com/a b"}, BOOL, False),
    giving('aip != ip("10.0.0.1")', {"aip": ipv4("10.0.0.1")}, BOOL, False),
    giving("aip != bip", {"aip": ipv4("10.0.0.1"), "bip": ipv6("10.0.0.2")}, BOOL, True),
    failing('ip("fe80::1%eth0")', {}, IP_ADDRESS, "could not convert fe80::1%eth0 to IP_ADDRESS"),
    giving(
        'at == timestamp("2020-01-01T01:00:00+01:00")',
        {"at": instant("2020-01-01T00:00:00Z")},
        BOOL,
        True,
    ),
    giving(
        'at <= timestamp("2020-01-01T00:00:00Z")',
        {"at": instant("2020-01-01T00:00:00Z")},
        BOOL,
        True,
    ),
    failing(
        'at == timestamp("bad")',
        {"at": instant("2020-01-01T00:00:00Z")},
        BOOL,
        "could not convert 'bad' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'",
    ),
    giving('aip == ip("10.0.0.1")', {"aip": ipv4("10.0.0.1")}, BOOL, True),
    failing(
        'aip == ip("bad")', {"aip": ipv6("10.0.0.1")}, BOOL, "could not convert bad to IP_ADDRESS"
    ),
    giving('ip("10.0.0.1")', {}, IP_ADDRESS, ipv6("10.0.0.1")),
    giving('adns == dnsName("FOO.com")', {"adns": "foo.com"}, BOOL, True),
    giving('adns == dnsName("foo.com.")', {"adns": "foo.com"}, BOOL, True),
    failing(
        'dnsName("foo..com")',
        {},
        DNS_NAME,
        "error converting 'foo..com' to dns name: 'idna: invalid label \"foo..com\"'",
    ),
    giving('dnsName("FOO.com")', {}, DNS_NAME, "FOO.com"),
    giving("dnsName(as)", {"as": "a_b.com"}, DNS_NAME, "a_b.com"),
    giving('amail == email("a@EXAMPLE.com")', {"amail": "a@example.com"}, BOOL, True),
    failing(
        'email("A <a@b.com>")',
        {},
        EMAIL_ADDRESS,
        "error converting 'A <a@b.com>' to e-mail: display names are not allowed",
    ),
    failing(
        'email("a")',
        {},
        EMAIL_ADDRESS,
        "error converting 'a' to e-mail: 'mail: missing '@' or angle-addr'",
    ),
    giving('auri == uri("HTTP://FOO.com/a")', {"auri": "http://foo.com/a"}, BOOL, True),
    giving('auri == uri("http://foo.com/A")', {"auri": "http://foo.com/a"}, BOOL, False),
    failing('uri("")', {}, URI, "error converting string to uri: empty string"),
    failing(
        "uri(as)",
        {"as": ":/"},
        URI,
        "error converting string to uri ':/': 'parse \":/\": missing protocol scheme'",
    ),
    giving(
        'at > timestamp("2019-12-31T23:59:59Z")',
        {"at": instant("2020-01-01T00:00:00Z")},
        BOOL,
        True,
    ),
    giving('aip != ip("10.0.0.2")', {"aip": ipv4("10.0.0.1")}, BOOL, True),
    giving('ip("::1") == ip("0:0:0:0:0:0:0:1")', {}, BOOL, True),
    failing("ip(as)", {}, IP_ADDRESS, "lookup failed: 'as'"),
    failing('ip("")', {}, IP_ADDRESS, "could not convert  to IP_ADDRESS"),
    giving('adns != dnsName("a.com")', {"adns": "b.com"}, BOOL, True),
    failing(
        'dnsName("")', {}, DNS_NAME, "error converting '' to dns name: 'idna: invalid label \"\"'"
    ),
    giving('dnsName("*.foo.com")', {}, DNS_NAME, "*.foo.com"),
    giving('dnsName("a.com.")', {}, DNS_NAME, "a.com."),
    failing(
        'email("a@b..com")',
        {},
        EMAIL_ADDRESS,
        "error converting 'a@b..com' to e-mail: 'mail: no angle-addr'",
    ),
    giving('amail == email("A@b.com")', {"amail": "a@b.com"}, BOOL, False),
    giving('auri == uri("http://h:80/p")', {"auri": "http://h/p"}, BOOL, False),
    giving('auri == uri("HTTPS://a.com./x?y=1#z")', {"auri": "https://a.com/x?y=1#z"}, BOOL, True),
    giving('uri("foo")', {}, URI, "foo"),
    giving('auri == uri("MAILTO:a@b")', {"auri": "mailto:a@b"}, BOOL, True),
    giving(
        'at | timestamp("2020-01-01T00:00:00Z")', {}, TIMESTAMP, instant("2020-01-01T00:00:00Z")
    ),
    failing(
        'timestamp("2020-01-01")',
        {},
        TIMESTAMP,
        "could not convert '2020-01-01' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'",
    ),
    giving(
        'timestamp("2020-01-01T00:00:00.5+02:00")', {}, TIMESTAMP, instant("2019-12-31T22:00:00.5Z")
    ),
    giving('aip | ip("0.0.0.0")', {}, IP_ADDRESS, ipv6("0.0.0.0")),
)

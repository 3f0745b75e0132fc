import pytest

from proxy_client.http.identity import namespace_of, principal


# UT1
@pytest.mark.parametrize(
    ("principal", "namespace"),
    [
        ("", None),
        ("cluster.local", None),
        ("cluster.local/", None),
        ("cluster.local/sa/user", None),
        ("cluster.local/ns", None),  # a segment must follow, if only an empty one
        ("ns/shop", None),
        ("cluster.local/sa/user_ns/shop", None),
        ("cluster.local/NS/shop", None),
        ("cluster.local/ns/", ""),
        ("cluster.local/ns//sa/user", ""),
        ("cluster.local/ns/shop", "shop"),
        ("cluster.local/ns/shop/", "shop"),
        ("cluster.local/ns/shop/sa/cart", "shop"),
        ("cluster.local/ns/shop/ns/other", "shop"),
        ("cluster.local/sa/user_ns/ns/shop_ns", "shop_ns"),
    ],
)
def test_a_namespace_is_the_segment_after_ns(principal, namespace):
    assert namespace_of(principal) == namespace


# UT2
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), None),
        ((("DNS", "cart.shop"), ("IP Address", "10.8.1.4")), None),
        ((("URI", ""),), None),
        ((("URI", "spiffe://"),), None),
        ((("URI", "spiffe://cluster.local/ns/shop/sa/cart"),), "cluster.local/ns/shop/sa/cart"),
        ((("URI", "https://cart.shop/"),), "https://cart.shop/"),
        ((("DNS", "cart.shop"), ("URI", "spiffe://first"), ("URI", "spiffe://second")), "first"),
    ],
)
def test_a_principal_is_the_first_uri_without_its_scheme(names, expected):
    assert principal(names) == expected

import pytest

from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import AttributeMatch, QuotaRule, QuotaSpec, StringMatch, charges

A, B, C = QuotaCharge("a", 1), QuotaCharge("b", 2), QuotaCharge("c", 3)


def when(**clauses):
    """A condition on attributes whose names have `_` for `.`."""
    return AttributeMatch({name.replace("_", "."): clause for name, clause in clauses.items()})


def spec(*rules):
    return QuotaSpec(rules)


def test_a_rule_without_match_is_for_every_request():  # QP1
    everything = spec(QuotaRule(quotas=(B, A)))

    assert charges([everything], {}) == (B, A)
    assert charges([everything], {"request.method": "GET"}) == (B, A)


@pytest.mark.parametrize(
    ("attributes", "wanted"),
    [
        ({}, ()),
        ({"request.method": "POST", "request.path": "/books/1"}, ()),
        ({"request.method": "GET", "request.path": "/shelves"}, ()),
        ({"request.method": "GET"}, ()),
        ({"request.method": "GET", "request.path": "/books/1"}, (A,)),
        ({"api.operation": "get_books"}, (A,)),  # the other match alone
        ({"api.operation": "get_books2"}, ()),
    ],
)
def test_all_clauses_of_one_match_must_hold(attributes, wanted):  # QP2
    books = when(request_method=StringMatch(exact="GET"), request_path=StringMatch(prefix="/books"))
    operation = when(api_operation=StringMatch(exact="get_books"))
    rules = spec(QuotaRule(match=(books, operation), quotas=(A,)))

    assert charges([rules], attributes) == wanted


@pytest.mark.parametrize(
    ("pattern", "path", "holds"),
    [
        ("/books.*", "/books/1", True),
        ("/books", "/books/1", False),  # only its beginning
        ("books/1", "/books/1", False),  # only its end
        ("/a|/ab", "/ab", True),  # the shorter way does not end the search
        ("(?i)/BOOKS", "/books", True),
        ("/b.cher", "/bücher", True),  # characters, not bytes
        (".*", "", True),
        ("", "/", False),
        ("", "", True),
    ],
)
def test_a_regex_must_match_the_whole_value(pattern, path, holds):  # QP3
    rules = spec(QuotaRule(match=(when(request_path=StringMatch(regex=pattern)),), quotas=(A,)))

    assert bool(charges([rules], {"request.path": path})) is holds


@pytest.mark.parametrize("value", [200, 2.0, True, b"GET", {"GET": "GET"}])
@pytest.mark.parametrize(
    "clause", [StringMatch(), StringMatch(exact="GET"), StringMatch(regex=".*")]
)
def test_what_is_not_a_string_never_matches(value, clause):  # ADD
    rules = spec(QuotaRule(match=(when(request_method=clause),), quotas=(A,)))

    assert charges([rules], {"request.method": value}) == ()


def test_an_empty_clause_wants_the_attribute_to_be_there():  # ADD
    rules = spec(QuotaRule(match=(when(request_method=StringMatch()),), quotas=(A,)))

    assert charges([rules], {"request.method": ""}) == (A,)
    assert charges([rules], {"request.path": "/"}) == ()


@pytest.mark.parametrize(
    ("clause", "value", "holds"),
    [
        (StringMatch(exact=""), "", True),
        (StringMatch(exact=""), "GET", False),
        (StringMatch(prefix=""), "GET", True),
        (StringMatch(prefix="GET"), "GE", False),
    ],
)
def test_an_empty_text_is_a_text(clause, value, holds):
    assert clause.matches(value) is holds


def test_rules_and_specs_add_up_in_their_order():  # ADD
    get = when(request_method=StringMatch(exact="GET"))
    first = spec(QuotaRule(quotas=(A, B)), QuotaRule(match=(get,), quotas=(C,)))
    second = spec(QuotaRule(quotas=(B,)))

    assert charges([first, second], {"request.method": "GET"}) == (A, QuotaCharge("b", 4), C)
    assert charges([first, second], {"request.method": "PUT"}) == (A, QuotaCharge("b", 4))


def test_a_faulty_regex_is_told_at_once():
    with pytest.raises(ValueError, match=r"regex '\(': missing \): \("):
        StringMatch(regex="(")


def test_a_clause_has_one_way_to_match():
    with pytest.raises(ValueError, match="one of exact, prefix and regex"):
        StringMatch(exact="", prefix="")

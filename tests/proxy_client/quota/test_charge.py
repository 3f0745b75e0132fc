import pytest

from proxy_client.quota.charge import MAX_AMOUNT, QuotaCharge, merged


@pytest.mark.parametrize(
    ("name", "amount", "message"),
    [
        ("", 1, "a quota needs a name"),
        ("q", 0, "quota q: cannot charge 0"),
        ("q", -1, "quota q: cannot charge -1"),
        ("q", 1 << 63, "quota q: cannot charge 9223372036854775808"),
    ],
)
def test_a_charge_that_makes_no_sense_is_refused(name, amount, message):
    with pytest.raises(ValueError, match=message):
        QuotaCharge(name, amount)


def test_charges_of_one_quota_are_added_up_where_the_first_stands():
    # the original's last one won in the call to Mixer, but its pool paid for both
    charges = [QuotaCharge("a", 1), QuotaCharge("b", 2), QuotaCharge("a", 3)]

    assert merged(charges) == (QuotaCharge("a", 4), QuotaCharge("b", 2))


def test_a_sum_is_not_more_than_the_protocol_can_say():
    assert merged([QuotaCharge("a", MAX_AMOUNT)] * 2) == (QuotaCharge("a", MAX_AMOUNT),)

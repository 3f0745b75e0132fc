"""What adapters share that call a service: budget and secrets."""

import pytest
from prometheus_client import REGISTRY

from adapters.call_out import RetryBudget, SecretFile
from mixer.adapter.testing import FakeClock


def spend_all(budget):
    count = 0
    while budget.spend():
        count += 1
    return count


# percent, how many calls are made, how many retries these allow
BUDGETS = [
    (20, 0, 10),  # what is saved up at the start
    (20, 1000, 10),  # no more can be saved
    (0, 1000, 0),
]


@pytest.mark.parametrize(("percent", "call_count", "retry_count"), BUDGETS)
def test_calls_earn_retries(percent, call_count, retry_count):
    budget = RetryBudget(percent, "h.test")
    for _ in range(call_count):
        budget.earn()
    assert spend_all(budget) == retry_count


def test_retries_are_counted_by_handler():
    assert spend_all(RetryBudget(20, "counted.test")) == 10
    labels = {"handler": "counted.test"}
    assert REGISTRY.get_sample_value("mixer_adapter_retries_total", labels) == 10


def test_a_budget_that_is_spent_grows_with_the_calls():
    budget = RetryBudget(25, "h.test")
    spend_all(budget)
    earned = []
    for _ in range(8):
        budget.earn()
        earned.append(budget.spend())
    assert earned == [False, False, False, True] * 2


def test_a_secret_is_looked_at_once_a_second(tmp_path):
    file, clock = tmp_path / "secret", FakeClock()
    file.write_text(" one \n")
    secret = SecretFile(str(file), clock.clock.monotonic)
    seen = [secret.text]
    file.write_text("number two")
    seen.append(secret.text)
    clock.advance(1)
    seen.append(secret.text)
    assert seen == ["one", "one", "number two"]


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb", b"\xff", b"x" * 65537])
def test_what_is_no_secret_changes_nothing(tmp_path, content):
    file, clock = tmp_path / "secret", FakeClock()
    file.write_text("one")
    secret = SecretFile(str(file), clock.clock.monotonic)
    file.write_bytes(content)
    clock.advance(1)
    assert secret.text == "one"
    file.write_text("two, at last")
    clock.advance(1)
    assert secret.text == "two, at last"

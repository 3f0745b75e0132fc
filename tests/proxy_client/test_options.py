import pytest

from proxy_client.options import ClientOptions, FailMode, RetryOptions


def test_the_defaults_are_those_of_the_original_but_that_checks_fail_closed():
    assert ClientOptions() == ClientOptions(
        timeout_s=5.0,
        check_fail_mode=FailMode.CLOSED,
        quota_fail_mode=FailMode.OPEN,
        retries=RetryOptions(max_count=0, base_wait_s=0.08, max_wait_s=1.0),
        check_cache_entries=10_000,
        quota_cache_entries=10_000,
        report_batch_entries=100,
        report_batch_s=1.0,
        max_queued_reports=10_000,
        max_shared_calls=1024,
    )


@pytest.mark.parametrize(
    "options",
    [
        {"timeout_s": 0},
        {"timeout_s": float("nan")},
        {"report_batch_s": -1},
        {"report_batch_s": float("nan")},
        {"check_cache_entries": -1},
        {"quota_cache_entries": -1},
        {"report_batch_entries": -1},
        {"max_queued_reports": -1},
        {"max_shared_calls": -1},
    ],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError, match="must"):
        ClientOptions(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"max_count": -1},
        {"base_wait_s": -0.1},
        {"base_wait_s": 2.0},  # more than the longest wait
        {"max_wait_s": float("nan")},
    ],
)
def test_retries_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError, match="retries need"):
        RetryOptions(**options)

"""The noop's answers."""

import pytest

from adapters.noop import INFO
from mixer.adapter import CheckResult, QuotaArgs, QuotaResult, Variety
from mixer.adapter.testing import start
from mixer.template import quota

FOR_EVER = CheckResult(valid_duration_s=1_000_000_000.0, valid_use_count=1_000_000_000)


def templates(variety):
    return [t for t in INFO.templates if t.variety is variety]


def test_it_answers_all_templates_that_ask_or_tell():
    assert sorted(template.name for template in INFO.templates) == [
        "apikey",
        "authorization",
        "checknothing",
        "edge",
        "listentry",
        "logentry",
        "metric",
        "quota",
        "reportnothing",
        "tracespan",
    ]


@pytest.mark.parametrize("template", templates(Variety.CHECK), ids=lambda t: t.name)
def test_every_check_passes_for_ever(template):
    with start(INFO) as handler:
        assert getattr(handler, template.method)(template.instance(name="x")) == FOR_EVER


@pytest.mark.parametrize("template", templates(Variety.REPORT), ids=lambda t: t.name)
def test_every_report_is_taken(template):
    with start(INFO) as handler:
        assert getattr(handler, template.method)([template.instance(name="x")]) is None


@pytest.mark.parametrize("amount", [5, 0, -5])
def test_a_quota_is_granted_as_asked(amount):
    with start(INFO) as handler:
        args = QuotaArgs(deduplication_id="d", amount=amount, best_effort=False)
        assert handler.handle_quota(quota.Instance("q"), args) == QuotaResult(
            amount=amount, valid_duration_s=1_000_000_000.0
        )

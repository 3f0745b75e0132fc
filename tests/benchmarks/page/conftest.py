"""A made-up run and its page, made once; and what could not be tested here."""

import pytest

from benchmarks.page import write_page
from benchmarks.report.summary import summarize
from tests.benchmarks.made_up import MadeUp, made_up_run


@pytest.fixture(scope="session")
def run():
    """All sweeps in one scenario, and one that an arm refuses; some repetitions are rejected."""
    return made_up_run(
        MadeUp(scenarios=("access", "telemetry"), duration_s=10.0, rejected=frozenset({("lua", 2)}))
    )


@pytest.fixture(scope="session")
def summary(run):
    return summarize(run)


@pytest.fixture(scope="session")
def page(run, tmp_path_factory):
    """The page's text."""
    file = tmp_path_factory.mktemp("page") / "page.html"
    write_page(run, file)
    return file.read_text(encoding="utf-8")


def pytest_terminal_summary(terminalreporter):
    """Says aloud what could not be tested here."""
    skipped = terminalreporter.stats.get("skipped", ())
    if any("chromium" in report.keywords for report in skipped):
        terminalreporter.section("NOT TESTED HERE", sep="!", red=True, bold=True)
        terminalreporter.line(
            "The page of a run was not looked at in a browser: there is no Chromium. "
            "Debian has it: apt-get install chromium",
            red=True,
        )

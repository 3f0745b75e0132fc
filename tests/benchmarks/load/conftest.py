"""Says aloud what could not be tested here."""


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", ())
    if any("wrk" in report.keywords for report in skipped):
        terminalreporter.section("NOT TESTED HERE", sep="!", red=True, bold=True)
        terminalreporter.line(
            "The load generator was not compared with another: there is no wrk. "
            "Debian and Ubuntu have it: apt-get install wrk",
            red=True,
        )

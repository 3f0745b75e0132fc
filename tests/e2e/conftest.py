"""What the end-to-end tests stand on: an upstream, and factories for Mixers and Envoys.

All of it is cheap (an Envoy serves after 0.1 s), so each test has its own. Tests that share one
make a fixture of their module from the same parts.
"""

from contextlib import ExitStack

import pytest

from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from tests.e2e.mixers import mixer_of, write_config


@pytest.fixture
def upstream():
    with Upstream() as server:
        yield server


@pytest.fixture
def start_envoy():
    """Starts an Envoy for a bootstrap; it ends with the test."""
    with ExitStack() as stack:
        yield lambda bootstrap, options=None: stack.enter_context(EnvoyProcess(bootstrap, options))


@pytest.fixture
def start_mixer(tmp_path):
    """Starts a Mixer for documents; it ends with the test."""
    with ExitStack() as stack:

        def start(*documents, address="127.0.0.1:0", **options):
            config = write_config(tmp_path / "config", *documents)
            return stack.enter_context(mixer_of(config, address, **options))

        yield start


def pytest_terminal_summary(terminalreporter):
    """Says aloud what could not be tested here."""
    skipped = terminalreporter.stats.get("skipped", ())
    count = sum("registry" in report.keywords for report in skipped)
    if count:
        terminalreporter.section("NOT TESTED HERE", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{count} tests of images in a real registry did not run: there is no docker-registry. "
            "Debian and Ubuntu have it: apt-get install docker-registry",
            red=True,
        )

"""The example runs as its README says, and so does `mixs adapter serve`."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.remote import INFO, Params
from mixer.adapter import CheckResult, Code, Duration, Status
from mixer.adapter.testing import start
from mixer.template import checknothing, listentry

ROOT = Path(__file__).resolve().parents[3]
LONG = Duration.parse("10s")


@contextmanager
def running(*command):
    """The first line that the command prints."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process.stdout.readline().rstrip("\n")
        finally:
            process.terminate()
    assert process.returncode == 0


def test_the_example_knows_its_staff():
    with running("examples/remote_adapter/server.py", "127.0.0.1:0") as line:
        address = line.replace("serving on port ", "127.0.0.1:")
        params = Params(address=address, timeout=LONG, params={"names": ["ann", "bob"]})
        with start(INFO, params) as handler:
            ann = handler.handle_listentry(listentry.Instance(name="n", value="ann"))
            eve = handler.handle_listentry(listentry.Instance(name="n", value="eve"))
    assert ann == CheckResult(valid_duration_s=5.0, valid_use_count=100)
    denied = Status(code=Code.PERMISSION_DENIED, message="eve is not one of the staff")
    assert eve == CheckResult(denied, 5.0, 100)


def test_an_installed_adapter_is_served():
    code = "from mixer.cli.mixs import main; main()"
    with running("-c", code, "adapter", "serve", "denier", "--address", "127.0.0.1:0") as line:
        address = line.removeprefix("serving denier on ")
        with start(INFO, Params(address=address, timeout=LONG)) as handler:
            answer = handler.handle_checknothing(checknothing.Instance(name="n"))
    assert answer == CheckResult(Status(code=9), 5.0, 1000)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nobody"], "no adapter 'nobody' is installed"),
        (["denier", "--address", "nowhere"], "can't listen on nowhere"),
        (["denier", "--key", __file__], "--certificate and --key belong together"),
    ],
)
def test_what_can_not_be_served_is_said(arguments, error):
    code = "from mixer.cli.mixs import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "adapter", "serve", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode
    assert error in run.stderr

"""A package with a template and an adapter of its own, installed by pip in a fresh environment."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.patience import LONG_S

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MIXS = "from mixer.cli.mixs import main; main()"


def run(*command, cwd=None):
    """What a program prints; it must succeed."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG_S,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The interpreter of the fresh environment.

    It finds Mixer, and what Mixer needs, where this one does: only the package is installed.
    """
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "env")
    python = folder / "env" / "bin" / "python"
    ours = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(ROOT)]
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", show).strip())
    (site / "mixer.pth").write_text("\n".join(dict.fromkeys(ours)))
    source = shutil.copytree(HERE / "sample_package", folder / "source")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", source)
    return python


def test_its_adapter_is_listed_with_its_template(python, tmp_path):
    listed = json.loads(run(python, "-c", MIXS, "adapters", "--output", "json", cwd=tmp_path))
    [greeter] = [one for one in listed if one["name"] == "greeter"]
    assert greeter == {
        "name": "greeter",
        "templates": ["greeting"],
        "description": "Lets those pass who greet as expected.",
        "distribution": "mixer-greeting",
        "version": "1.2.3",
        "error": "",
    }


def test_a_configuration_with_its_template_is_good(python):
    printed = run(python, "-c", MIXS, "validate", HERE / "sample_package" / "config")
    assert printed == "no errors in 1 rule, 1 handler, 1 instance, 1 attribute\n"


def test_an_expression_of_the_wrong_type_is_an_error_of_its_template(python, tmp_path):
    policy = (HERE / "sample_package" / "config" / "policy.yaml").read_text()
    (tmp_path / "policy.yaml").write_text(policy.replace('hour: "9"', 'hour: "true"'))
    command = [python, "-c", MIXS, "validate", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONG_S)
    assert done.returncode == 1
    assert "params.hour: expression 'true' is of type BOOL, expected INT64" in done.stdout

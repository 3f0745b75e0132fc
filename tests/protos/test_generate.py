"""The generated code is that of the .proto files beside it."""

import subprocess
import sys
from pathlib import Path

from protos.generate import generate, stale_files

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_committed_code_is_fresh():
    assert stale_files() == []


def test_code_and_stubs_are_made_for_every_proto_file(tmp_path):
    sources = ROOT.glob("protos/**/*.proto")
    names = {source.relative_to(ROOT).with_suffix("") for source in sources}

    made = {path.as_posix() for path in generate(tmp_path)}

    assert made == {f"{name}_pb2.{suffix}" for name in names for suffix in ("py", "pyi")}


def test_the_check_says_so_in_its_exit_code():
    check = subprocess.run(
        [sys.executable, "-m", "protos.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (check.returncode, check.stderr) == (0, b"")

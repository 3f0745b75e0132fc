"""Generates the `*_pb2.py` and `*_pb2.pyi` files that stand beside each .proto file.

    python -m protos.generate            writes them
    python -m protos.generate --check    exits with 1 when a committed one is stale

protoc runs at the repository root, so the generated imports are repository paths and need no
rewriting; `google/rpc` comes from googleapis-common-protos.
"""

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

_ROOT = Path(__file__).resolve().parent.parent


def _include_folders() -> list[Path]:
    google_rpc = find_spec("google.rpc.status_pb2")
    assert google_rpc is not None
    assert google_rpc.origin is not None
    return [_ROOT, Path(google_rpc.origin).parents[2], Path(grpc_tools.__path__[0]) / "_proto"]


def generate(folder: Path) -> list[Path]:
    """Writes the generated files below `folder`; returns their paths relative to it."""
    sources = sorted(path.relative_to(_ROOT).as_posix() for path in _ROOT.glob("protos/**/*.proto"))
    arguments = ["protoc", *(f"-I{include}" for include in _include_folders())]
    arguments += [f"--python_out={folder}", f"--pyi_out={folder}", *sources]
    if protoc.main(arguments) != 0:
        raise SystemExit("protoc failed")
    return sorted(path.relative_to(folder) for path in folder.glob("protos/**/*_pb2.py*"))


def stale_files() -> list[Path]:
    """The committed files that differ from what protoc would write now."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            path
            for path in generate(Path(folder))
            if not (_ROOT / path).exists()
            or (_ROOT / path).read_bytes() != (Path(folder) / path).read_bytes()
        ]


def main() -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    if not parser.parse_args().check:
        generate(_ROOT)
        return 0
    stale = stale_files()
    for path in stale:
        print(f"stale: {path}; run python -m protos.generate", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

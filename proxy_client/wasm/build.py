"""Builds the WebAssembly filters from their C++ sources.

    python -m proxy_client.wasm.build              builds the filters that ship, and replaces them
    python -m proxy_client.wasm.build --check      writes nothing; exits with 1 when one is stale
    python -m proxy_client.wasm.build NAME...      only these

The compiler is PyPI's `ziglang`; nobody who only runs the filters needs it. The bytes depend on the
sources, the flags and the compiler's version alone, not on folder, time or machine: what has been
built once from the same is taken from a cache.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
"""Where the sources and the committed filters are."""

_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pymixer-wasm"
_COMPILER: Final = "ziglang"
_STACK_SIZE: Final = 128 * 1024
_MIB: Final = 1024 * 1024


class BuildError(Exception):
    """A filter could not be built; the text is what the compiler said, or how to get one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """How one filter is built from the folder of its name."""

    name: str
    """Also the name of the file: NAME.wasm."""
    ships: bool = True
    """Whether the compiled file is committed; otherwise it only exists in the cache."""
    callbacks: frozenset[str] = frozenset()
    """Parts of `abi/exports_*.cc`: response, body, log, done. Each costs a request 1 to 2 µs."""
    optimization: str = "-O2"
    """The compiler's option: -Os makes a filter smaller, and what it computes slower. It is not for
    the compiler's own libraries: they are the same for all filters, and compiled but once."""
    max_memory_mib: int = 64
    """The most memory that one VM, which is one worker's, can have."""


FILTERS: Final = {
    row.name: row
    for row in (
        Filter(
            name="probe",
            ships=False,
            callbacks=frozenset({"response", "body", "log"}),
            max_memory_mib=8,
        ),
        Filter(name="policy_filter", callbacks=frozenset({"response", "log"})),
        Filter(
            name="mixer_client",
            callbacks=frozenset({"response", "log", "done"}),
            optimization="-Os",  # a third less code; most of its time is the host's
        ),
    )
}
"""All filters, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where a build reads and keeps things."""

    sources: Path = FOLDER
    """The folder that `abi/`, `base/` and the filters' folders are in."""
    cache: Path = _CACHE
    """Compiled filters, and objects that go into them. All of it may be deleted at any time."""
    compiler_cache: Path = _CACHE / "compiler"
    """What the compiler makes for every program, such as its C++ library: the slow part."""

    def files(self, row: Filter) -> Sequence[Path]:
        """The files that a filter is made of, relative to `sources`, in an order that stays."""
        optional = set((self.sources / "abi").glob("exports_*.cc"))
        wanted = {self.sources / "abi" / f"exports_{name}.cc" for name in row.callbacks}
        found = {
            path
            for folder in ("abi", "base", row.name)
            for path in (self.sources / folder).rglob("*")
            if path.suffix in {".cc", ".h"}
        }
        return sorted(path.relative_to(self.sources) for path in found - optional | wanted)

    def key(self, row: Filter) -> str:
        """What tells two builds apart: sources, flags and compiler."""
        digest = hashlib.sha256(
            repr((_compiler_version(), _unit_flags(row), _link_flags(row))).encode()
        )
        for path in self.files(row):
            content = (self.sources / path).read_bytes()
            digest.update(f"{path.as_posix()}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:16]


_TARGET: Final = "--target=wasm32-wasi-musl"


def _unit_flags(row: Filter) -> Sequence[str]:
    return (
        _TARGET,
        "-std=c++20",
        row.optimization,
        "-fno-exceptions",
        "-fno-rtti",
        "-fno-ident",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-I.",
    )


def _link_flags(row: Filter) -> Sequence[str]:
    return (
        _TARGET,
        "-mexec-model=reactor",  # not a program that ends, but functions to be called
        "-O2",
        "-Wl,--strip-all",
        "-Wl,--gc-sections",
        f"-Wl,-z,stack-size={_STACK_SIZE}",
        f"-Wl,--max-memory={row.max_memory_mib * _MIB}",
    )


def _compiler_version() -> str:
    try:
        return metadata.version(_COMPILER)
    except metadata.PackageNotFoundError as error:
        raise BuildError(f"no compiler: pip install {_COMPILER}") from error


def build(
    row: Filter,
    workspace: Workspace | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """The path of the compiled filter in the cache, compiled now unless it is there.

    `progress` gets a line before a compilation and one after it. Raises BuildError.
    """
    workspace = workspace or Workspace()
    target = workspace.cache / f"{row.name}-{workspace.key(row)}.wasm"
    if not target.exists():
        progress(f"{row.name}: compiling; the first time takes a minute or two ...")
        start = time.monotonic()
        _compile(row, workspace, target)
        size_kib = target.stat().st_size / 1024
        progress(f"{row.name}: {size_kib:.1f} KiB in {time.monotonic() - start:.1f} s")
    return target


def _compile(row: Filter, workspace: Workspace, target: Path) -> None:
    """Compiles the units side by side, and links them in the order of their names."""
    units = [path for path in workspace.files(row) if path.suffix == ".cc"]
    workspace.cache.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=workspace.cache) as folder,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        objects = [str(Path(folder) / f"{number}.o") for number in range(len(units))]
        commands = [
            (*_unit_flags(row), "-c", str(unit), "-o", to)
            for unit, to in zip(units, objects, strict=True)
        ]
        errors = [text for text in pool.map(partial(_run_compiler, workspace), commands) if text]
        output = Path(folder) / target.name
        if not errors:
            errors = [_run_compiler(workspace, (*_link_flags(row), *objects, "-o", str(output)))]
        if any(errors):
            raise BuildError(f"{row.name}: {''.join(errors)}")
        output.replace(target)  # at once, also when another process builds the same


def _run_compiler(workspace: Workspace, arguments: Sequence[str]) -> str:
    """What the compiler complains of; empty if it has done what it should."""
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-m", _COMPILER, "c++", *arguments],
        cwd=workspace.sources,  # so that no absolute path can get into the output
        env={
            **os.environ,
            "ZIG_GLOBAL_CACHE_DIR": str(workspace.compiler_cache),
            "ZIG_LOCAL_CACHE_DIR": str(workspace.cache / "objects"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stderr if run.returncode != 0 else ""


def stale_filters(rows: Iterable[Filter], progress: Callable[[str], None]) -> list[Path]:
    """The committed files that are missing or not what their sources compile to."""
    stale = []
    for row in rows:
        committed = FOLDER / f"{row.name}.wasm"
        built = build(row, progress=progress).read_bytes()
        if not committed.exists() or committed.read_bytes() != built:
            stale.append(committed)
    return stale


def install(row: Filter, progress: Callable[[str], None]) -> None:
    """Builds a filter and puts it where it is committed."""
    (FOLDER / f"{row.name}.wasm").write_bytes(build(row, progress=progress).read_bytes())


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in FILTERS:
            parser.error(f"no such filter: {name}")
    names = arguments.names or [name for name, row in FILTERS.items() if row.ships]
    try:
        return _run([FILTERS[name] for name in names], is_check=arguments.check)
    except BuildError as error:
        _say(str(error))
        return 1


def _run(rows: Sequence[Filter], *, is_check: bool) -> int:
    if not is_check:
        for row in rows:
            # What does not ship is only built.
            (install if row.ships else build)(row, progress=_say)
        return 0
    stale = stale_filters([row for row in rows if row.ships], _say)
    for path in stale:
        _say(f"stale: {path.name}; run python -m proxy_client.wasm.build")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

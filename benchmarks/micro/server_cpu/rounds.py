"""Rounds of load: each goes through all cells, and asks both servers of a cell in turn."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.micro.server_cpu.bare import STREAM, method_of
from benchmarks.micro.server_cpu.cells import Cell
from benchmarks.micro.server_cpu.load import cpu_for
from benchmarks.micro.server_cpu.process import Server, started

_SMALL_BAG_COUNT: Final = 10
_LARGE_PER_CHECKS: Final = 1 / 15
"""A Report of 100 bags takes so much longer than a Check."""
_WARM_UP: Final = 0.2
"""The share of a round's calls that are made before the first round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much of it."""

    round_count: int
    check_count: int
    """Checks to each server in each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a cell took: seconds of CPU time for a call, one sample for each round."""

    cell: Cell
    mixer_s: list[float] = field(default_factory=list)
    bare_s: list[float] = field(default_factory=list)


def measure(
    cells: Sequence[Cell], configs: Mapping[str, Path], load: Load, sockets: Path
) -> list[Measured]:
    """Starts the servers, each with a socket in that directory, and measures all cells.

    Raises ServerError when one does not start, or answers with an error.
    """
    measured = [Measured(cell=cell) for cell in cells]
    with _servers(cells, configs, sockets) as servers:
        for cell in cells:
            _ask(cell, servers, max(1, round(_call_count(cell, load) * _WARM_UP)))
        for _ in range(load.round_count):
            for result in measured:
                mixer_s, bare_s = _ask(result.cell, servers, _call_count(result.cell, load))
                result.mixer_s.append(mixer_s)
                result.bare_s.append(bare_s)
    return measured


def _call_count(cell: Cell, load: Load) -> int:
    share = _LARGE_PER_CHECKS if cell.bag_count > _SMALL_BAG_COUNT else 1
    return max(1, round(load.check_count * share))


def _ask(cell: Cell, servers: "_Servers", call_count: int) -> tuple[float, float]:
    requests = list(cell.requests(call_count))
    bare = STREAM if cell.is_stream else method_of(cell.reply_size)
    bare_s = cpu_for(servers.bare, bare, requests, is_stream=cell.is_stream)
    mixer = servers.mixers[cell.config]
    mixer_s = cpu_for(mixer, cell.method, requests, is_stream=cell.is_stream)
    return mixer_s / call_count, bare_s / call_count


@dataclass(frozen=True, slots=True, kw_only=True)
class _Servers:
    bare: Server
    mixers: Mapping[str, Server]


@contextmanager
def _servers(
    cells: Sequence[Cell], configs: Mapping[str, Path], sockets: Path
) -> Iterator[_Servers]:
    with ExitStack() as stack:
        address = f"unix:{sockets / 'bare.sock'}"
        sizes = sorted({str(cell.reply_size) for cell in cells})
        bare = stack.enter_context(
            started(["-m", "benchmarks.micro.server_cpu.bare", address, *sizes], address)
        )
        mixers = {
            name: stack.enter_context(_mixer(configs[name], f"unix:{sockets / name}.sock"))
            for name in sorted({cell.config for cell in cells})
        }
        yield _Servers(bare=bare, mixers=mixers)


@contextmanager
def _mixer(config: Path, address: str) -> Iterator[Server]:
    run = "from mixer.cli.mixs import main; main()"
    options = ["--config", str(config), "--address", address, "--monitoring-port", "0"]
    with started(["-c", run, "server", *options, "--log-level", "warning"], address) as server:
        yield server

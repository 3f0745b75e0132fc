"""Imports go only upstream, and only the edges know a transport."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = (
    {"protos"},
    {"mixer.status", "mixer.errors", "mixer.monitoring", "mixer.suggestion"},
    *(
        {f"mixer.{stage}"}
        for stage in ("attribute", "isolation", "expr", "adapter", "template", "config")
    ),
    {"mixer.demo"},
    *(
        {f"mixer.{stage}"}
        for stage in ("routing", "dispatch", "export", "runtime", "api", "server", "envoy")
    ),
    {"mixer.wasm_image"},
    {"mixer.cli"},
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}
LEAVES = {"mixer.status", "mixer.errors", "mixer.attribute", "mixer.suggestion"}
ALLOWED = {
    # protos for `remote`, whose sessions are no template's
    "adapters": LEAVES | {"adapters", "mixer.adapter", "mixer.template", "protos"},
    "proxy_client": LEAVES - {"mixer.suggestion"} | {"proxy_client", "protos"},
}
"""All that these packages may import of ours; they are no stages."""
GRPC_PLACES = (
    "mixer/server/",
    "mixer/api/servicer.py",
    "mixer/cli/",
    "proxy_client/",
    "adapters/otlp/exporters.py",
    "adapters/remote/",  # its back ends are gRPC services
)


def modules(*packages: str) -> list[str]:
    found = (path for package in packages for path in ROOT.glob(f"{package}/**/*.py"))
    return sorted(p.relative_to(ROOT).as_posix() for p in found if not p.stem.endswith("_pb2"))


def imported(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / module).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def stage(name: str) -> str:
    """The stage that a dotted name belongs to: `mixer.config`, or `protos`."""
    parts = name.removesuffix(".py").replace("/", ".").split(".")
    return ".".join(parts[: 2 if parts[0] == "mixer" else 1])


def roots(names: Iterable[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("module", modules("mixer"))
def test_a_stage_imports_only_what_stands_before_it(module):
    own = stage(module)
    stages = {stage(name) for name in imported(module)} - {own}
    ours = {name for name in stages if name in LEVELS or name.startswith("mixer.")}
    assert {name for name in ours if LEVELS.get(name, 0) >= LEVELS.get(own, len(ORDER))} == set()


def test_every_stage_has_its_place_in_the_order():
    stages = {stage(module) for module in modules("mixer")} - {"mixer.__init__"}
    assert stages == LEVELS.keys() - {"protos"}


@pytest.mark.parametrize("module", modules(*ALLOWED))
def test_adapters_and_the_proxy_client_import_only_their_contracts(module):
    ours = {
        stage(name) for name in imported(module) if name.startswith(("mixer", *ALLOWED, "protos"))
    }
    assert ours <= ALLOWED[module.split("/")[0]]


def test_only_the_edges_know_grpc():
    knowing = [
        module
        for module in modules("mixer", "adapters", "proxy_client")
        if roots(imported(module)) & {"grpc", "grpc_health", "grpc_reflection"}
    ]
    assert [module for module in knowing if not module.startswith(GRPC_PLACES)] == []


def test_only_one_module_knows_registries():
    knowing = [m for m in modules("mixer") if roots(imported(m)) & {"oras", "requests"}]
    assert knowing == ["mixer/wasm_image/registry.py"]


def test_nothing_is_asynchronous_but_one_face_of_the_client():
    everything = modules("mixer", "adapters", "proxy_client")
    knowing = [m for m in everything if roots(imported(m)) & {"asyncio", "anyio", "trio"}]
    assert knowing == ["proxy_client/aio.py"]


def test_only_commands_know_the_proxy_client():
    knowing = {m for m in modules("mixer", "adapters") if "proxy_client" in roots(imported(m))}
    assert {stage(module) for module in knowing} <= {"mixer.cli"}

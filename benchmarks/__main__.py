"""`python -m benchmarks`: measures Mixer."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from mixer.cli.option import CONTEXT_SETTINGS

_COMMANDS: Final[Mapping[str, str]] = {
    "run": "benchmarks.run.command",
    "report": "benchmarks.report.command",
    "compare": "benchmarks.report.command",
    "micro": "benchmarks.micro.command",
    "wasm-latency": "benchmarks.wasm_latency.command",
}
"""The module of each command, which has it under its name."""
_OURS: Final = ("benchmarks", "mixer", "adapters", "proxy_client", "protos")


class Commands(click.Group):
    """Loads a command when it is asked for: not all of them need all libraries."""

    def __init__(self, modules: Mapping[str, str], **settings: Any) -> None:
        """`modules` are as `_COMMANDS`, and the settings as those of any group."""
        super().__init__(**settings)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, as `--help` lists them."""
        del ctx
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or one that says what it lacks."""
        del ctx
        if cmd_name not in self._modules:
            return None
        try:
            module = import_module(self._modules[cmd_name])
        except ModuleNotFoundError as error:
            if error.name and error.name.partition(".")[0] in _OURS:
                raise
            return _lacking(cmd_name, str(error.name))
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found


@click.group(cls=Commands, modules=_COMMANDS, context_settings=CONTEXT_SETTINGS)
def main() -> None:
    """Measures Mixer; results say how fast it is here, and no result is a failure."""


def _lacking(name: str, library: str) -> click.Command:
    text = f'needs {library}, which comes with `pip install "pymixer[bench]"`'

    @click.command(name, help=text, context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1)
    def command(arguments: tuple[str, ...]) -> None:
        del arguments
        raise click.ClickException(f"{name} {text}")

    return command


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")

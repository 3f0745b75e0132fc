"""`python -m benchmarks`: measures Mixer."""

import click

from benchmarks.micro.command import micro
from mixer.cli.option import CONTEXT_SETTINGS


@click.group(context_settings=CONTEXT_SETTINGS)
def main() -> None:
    """Measures Mixer; results say how fast it is here, and no result is a failure."""


main.add_command(micro)

if __name__ == "__main__":
    main(prog_name="python -m benchmarks")

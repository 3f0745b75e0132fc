"""`mixc`: asks a running Mixer, as a proxy would."""

import click

from mixer.cli.check import check
from mixer.cli.option import CONTEXT_SETTINGS
from mixer.cli.report import report
from mixer.cli.version import version


@click.group(context_settings={**CONTEXT_SETTINGS, "auto_envvar_prefix": "MIXC"})
def main() -> None:
    """Asks a running Mixer, as a proxy would."""


for _command in (check, report, version):
    main.add_command(_command)

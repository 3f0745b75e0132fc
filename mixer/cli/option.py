"""Options that show their default and their environment variable in `--help`."""

from enum import Enum
from functools import partial
from typing import Final

import click


class Output(Enum):
    """How a command prints its result."""

    TEXT = "text"
    """For people: in colour and with tables on a terminal, plain when piped."""
    JSON = "json"
    """For programs; keys are stable."""


option: Final = partial(click.option, show_envvar=True, show_default=True)
"""`click.option`, with the name of the environment variable and the default in its help."""

CONTEXT_SETTINGS: Final = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    # Flags of the original have underscores; both spellings are understood.
    "token_normalize_func": lambda name: name.replace("_", "-"),
}
"""What all commands have in common."""

output_option: Final = option(
    "-o",
    "--output",
    type=click.Choice(Output, case_sensitive=False),
    default=Output.TEXT.value,
    help="text for people, json for programs.",
)
"""--output, for commands whose result programs may want."""

"""How the commands fail."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from mixer.errors import MixerError


@contextmanager
def told() -> Iterator[None]:
    """Makes an image's, a registry's or a file's error one that is printed, with exit code 1."""
    try:
        yield
    except (MixerError, OSError) as error:
        raise click.ClickException(str(error)) from error

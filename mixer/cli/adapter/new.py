"""`mixs adapter new`: a package that works at once, to be changed from there."""

from collections.abc import Mapping
from pathlib import Path

import click

from mixer.adapter import RegistrationError
from mixer.cli.adapter.skeleton import skeleton
from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.template.catalogue import BUILTIN


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("name")
@option(
    "-t",
    "--template",
    "templates",
    type=click.Choice(sorted(BUILTIN)),
    multiple=True,
    required=True,
    help="What it answers; may be given several times.",
)
@option(
    "-d",
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Where the files go: a new directory, or an empty one.  [default: NAME]",
)
def new(name: str, templates: tuple[str, ...], directory: Path | None) -> None:
    """Writes an installable package with the adapter NAME, its tests and a configuration.

    It passes its tests as it is: go on from there.
    """
    try:
        files = skeleton(name, [BUILTIN[template] for template in dict.fromkeys(templates)])
    except RegistrationError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from error
    folder = directory or Path(name)
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty")
    _write(folder, files)
    click.echo(f"wrote {len(files)} files into {folder}:")
    for path in files:
        click.echo(f"  {path}")
    click.echo(f"next: cd {folder} && pip install -e '.[test]' && pytest")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error

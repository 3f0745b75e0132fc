"""`python -m docs.render`: writes the tables of the documents anew; `--check` only compares.

A table stands between two comments, `<!-- table: NAME -->` and `<!-- end of table -->`. What may
stand for NAME is in `docs.tables`.
"""

import re
from pathlib import Path
from typing import Final

import click

from docs.tables import TABLES

ROOT: Final = Path(__file__).parents[1]
DOCUMENTS: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_TABLE: Final = re.compile(
    r"(?P<begin><!-- table: (?P<name>[^\n]+) -->\n).*?(?P<end>^<!-- end of table -->)",
    re.MULTILINE | re.DOTALL,
)


def render(text: str) -> str:
    """The document with all its tables as they should be; raises KeyError for an unknown one."""
    return _TABLE.sub(
        lambda found: f"{found['begin']}{TABLES[found['name']]()}{found['end']}", text
    )


def names(text: str) -> list[str]:
    """The tables of a document, in order."""
    return [found["name"] for found in _TABLE.finditer(text)]


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something would.")
def main(*, check: bool) -> None:
    """Writes the tables of the documents."""
    outcomes = [(path, _update(path, check=check)) for path in DOCUMENTS]
    for path, outcome in outcomes:
        if outcome:
            click.echo(f"{path.relative_to(ROOT)}: {outcome}")
    if any(outcome not in {"", "wrote"} for _, outcome in outcomes):
        raise SystemExit(1)


def _update(path: Path, *, check: bool) -> str:
    """What became of a document; empty if it was good already."""
    text = path.read_text()
    try:
        wanted = render(text)
    except KeyError as error:
        return f"unknown table {error}"
    if wanted == text:
        return ""
    if not check:
        path.write_text(wanted)
    return "stale" if check else "wrote"


if __name__ == "__main__":
    main()

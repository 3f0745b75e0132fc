"""The tables of the adapters that come with Mixer: their list, and the params of each.

Which these are, the entry points say.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Final

from docs.fields import rows_of
from docs.markdown import code, table
from mixer.adapter import Info
from mixer.adapter.registry import AdapterRegistry

_ROOT: Final = Path(__file__).parents[1]
_DISTRIBUTION: Final = "pymixer"
_EXTRA: Final = re.compile(r'needs_extra\("([^"]+)"\)')


def names() -> list[str]:
    """The adapters that come with Mixer, in order."""
    installed = AdapterRegistry().installed()
    return [one.name for one in installed if one.distribution == _DISTRIBUTION]


def adapters() -> str:
    """All adapters, each with a link to its page."""
    return table(
        ("adapter", "answers", "what it does", "extra"), [_row(_info(name)) for name in names()]
    )


def _row(info: Info) -> tuple[str, str, str, str]:
    return (
        f"[{info.name}]({info.name}.md)",
        ", ".join(code(template.name) for template in info.templates),
        info.description,
        ", ".join(code(extra) for extra in extras(info)),
    )


def extras(info: Info) -> list[str]:
    """What must be installed besides for the adapter, or for parts of it: `[redis]`, for example.

    As its source says, in the calls of `needs_extra`.
    """
    package, module, *_ = info.params.__module__.split(".")
    path = _ROOT / package / module
    sources = [*path.rglob("*.py")] if path.is_dir() else [path.with_suffix(".py")]
    return sorted({extra for one in sources for extra in _EXTRA.findall(one.read_text())})


def params(name: str) -> str:
    """The params of one adapter."""
    rows = [
        (code(row.path), row.type, code(row.default), row.text)
        for row in rows_of(_info(name).params)
    ]
    return table(("field", "type", "default", "meaning"), rows)


def _info(name: str) -> Info:
    info = AdapterRegistry().get(name)
    assert info is not None, name
    return info


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "adapters": adapters,
    **{f"params {name}": partial(params, name) for name in names() if fields(_info(name).params)},
}
"""What a document can ask for, by name; an adapter without params has no table."""

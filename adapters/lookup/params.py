"""What can be configured of a lookup, and what can be wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.lookup.table import KeyType, make_table
from mixer.adapter import Duration, InstanceType, ParamError

_TEN_SECONDS: Final = Duration.parse("10s")
_MAX_ROWS: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """A table of what is known."""

    table: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each key, its fields by name. A key that is in the file too has these fields only."""
    value_field: str = "value"
    """Which field becomes `$out.value`; absent for a key that lacks it."""
    default: Mapping[str, str] | None = None
    """The fields of a key that is not in the table; None leaves all attributes absent."""
    key_type: KeyType = KeyType.STRINGS
    """What keys are. Of IP_ADDRESSES, keys are addresses and networks, such as `10.0.0.0/8`: the
    longest prefix that an address is in counts."""
    file: str = ""
    """Path of a file with comma-separated values, whose first line names the columns. An empty cell
    is a field that the key lacks. Empty: there is no file."""
    key_column: str = ""
    """The column that holds the keys; empty for the first. All others are fields."""
    refresh_interval: Duration = _TEN_SECONDS
    """How often the file is looked at for changes."""
    max_rows: int = 1_000_000
    """How many rows the file may have; a longer one counts as bad."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    """All that is wrong with the params; does not look at the file."""
    for key in params.table:
        try:
            make_table(params.key_type, [(key, None)])
        except ValueError as error:
            yield ParamError(field="table", message=str(error))
    if params.key_column and not params.file:
        yield ParamError(field="key_column", message="there is no file that could have it")
    if params.refresh_interval.seconds < 1:
        yield ParamError(field="refresh_interval", message="must be at least 1s")
    if not 1 <= params.max_rows <= _MAX_ROWS:
        yield ParamError(field="max_rows", message=f"must be from 1 to {_MAX_ROWS}")

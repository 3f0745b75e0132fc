"""Records as tables of Arrow."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from adapters.file.record import Record, Types
from mixer.adapter import Timestamp, Value, ValueType, stringify

_NS_PER_US: Final = 1000
_YEAR_1_US: Final = -62_135_596_800_000_000
"""A time that the configuration leaves out."""


def _plain(value: Value) -> Value:
    return value


def _text(value: str) -> str:
    # A lone surrogate has no UTF-8 form.
    return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()


def _micros(instant: Timestamp) -> int | None:
    micros = instant // _NS_PER_US
    return None if micros == _YEAR_1_US else micros


def _address(value: bytes) -> str | None:
    return stringify(value) if value else None


def _items(value: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(_text(key), _text(text)) for key, text in value.items()]


_STRING: Final = (pa.string(), _text)
_COLUMNS: Final[Mapping[ValueType, tuple[Any, Callable[[Any], object]]]] = {
    ValueType.VALUE_TYPE_UNSPECIFIED: (pa.null(), _plain),
    ValueType.STRING: _STRING,
    ValueType.INT64: (pa.int64(), _plain),
    ValueType.DOUBLE: (pa.float64(), _plain),
    ValueType.BOOL: (pa.bool_(), _plain),
    ValueType.TIMESTAMP: (pa.timestamp("us", tz="UTC"), _micros),
    ValueType.IP_ADDRESS: (pa.string(), _address),
    ValueType.EMAIL_ADDRESS: _STRING,
    ValueType.URI: _STRING,
    ValueType.DNS_NAME: _STRING,
    ValueType.DURATION: (pa.int64(), int),  # Parquet has no type for it
    ValueType.STRING_MAP: (pa.map_(pa.string(), pa.string()), _items),
}


def schema(types: Types) -> Any:
    """The columns of a table; a map field is a struct, left out if it can have no entry."""
    return pa.schema(
        [
            (name, pa.struct(list(_fields(kind))) if isinstance(kind, Mapping) else _arrow(kind))
            for name, kind in types.items()
            if not isinstance(kind, Mapping) or kind
        ]
    )


def table(records: Sequence[Record], types: Types) -> Any:
    """The records as one table; raises pyarrow.ArrowException for a value of another type."""
    made = schema(types)
    arrays = [_array([record[name] for record in records], types[name]) for name in made.names]
    return pa.Table.from_arrays(arrays, schema=made)


def _arrow(kind: ValueType) -> Any:
    return _COLUMNS[kind][0]


def _fields(types: Mapping[str, ValueType]) -> Sequence[tuple[str, Any]]:
    return [(name, _arrow(kind)) for name, kind in types.items()]


def _array(values: Sequence[Any], kind: ValueType | Mapping[str, ValueType]) -> Any:
    if isinstance(kind, Mapping):
        arrays = [_array([value[name] for value in values], kind[name]) for name in kind]
        return pa.StructArray.from_arrays(arrays, names=list(kind))
    arrow, convert = _COLUMNS[kind]
    if convert is _plain:
        return pa.array(values, arrow)
    return pa.array(map(convert, values), arrow, size=len(values))

"""What is wrong with the params of an apikey handler."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from adapters.apikey.key import faults
from adapters.apikey.params import ApiKey, Params
from mixer.adapter import InstanceType, ParamError, fits_int32


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with the params; does not look at the file."""
    yield from _key_errors(params.keys)
    if params.file and not Path(params.file).is_absolute():
        yield ParamError(field="file", message="must be an absolute path")
    if params.refresh_interval.seconds < 1:
        yield ParamError(field="refresh_interval", message="must be at least 1s")
    if params.valid_duration < 0:
        yield ParamError(field="valid_duration", message="must not be negative")
    if params.valid_use_count < 0 or not fits_int32(params.valid_use_count):
        yield ParamError(field="valid_use_count", message="must be from 0 to 2147483647")


def _key_errors(keys: tuple[ApiKey, ...]) -> Iterator[ParamError]:
    seen: dict[str, int] = {}
    for index, key in enumerate(keys):
        for field, message in faults(key):
            yield ParamError(field=f"keys[{index}].{field}", message=message)
        other = seen.setdefault(key.sha256.lower(), index)
        if other != index:
            yield ParamError(
                field=f"keys[{index}].sha256", message=f"the same key as keys[{other}]"
            )

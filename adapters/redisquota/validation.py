"""What can be wrong with the params of a redisquota."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from adapters.memquota.params import name_errors
from adapters.redisquota.address import Address
from adapters.redisquota.params import Algorithm, Params, Quota
from mixer.adapter import Duration, InstanceType, ParamError

MOST: Final = 10**15
"""The largest amount: Redis counts exactly up to 2^53."""
_MILLISECOND: Final = Duration.parse("1ms")


def validate(params: Params, instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    """All that is wrong with the params, or missing in them for the instances that rules send."""
    yield from _address(params)
    yield from _bounds(params)
    for index, quota in enumerate(params.quotas):
        yield from _quota(f"quotas[{index}]", quota)
    yield from name_errors((quota.name for quota in params.quotas), instances)


def _address(params: Params) -> Iterator[ParamError]:
    try:
        address = Address.parse(params.redis_server_url)
    except ValueError as error:
        yield ParamError(field="redis_server_url", message=str(error))
        return
    if params.password_file and address.has_password:
        yield ParamError(field="password_file", message="redis_server_url has a password already")
    tls = params.tls
    if tls is None:
        return
    if not address.is_encrypted:
        yield ParamError(field="tls", message="needs a redis_server_url of rediss://")
    if bool(tls.client_certificate) != bool(tls.client_key):
        missing = "client_key" if tls.client_certificate else "client_certificate"
        yield ParamError(field=f"tls.{missing}", message="is missing: both or neither")


def _bounds(params: Params) -> Iterator[ParamError]:
    if params.connection_pool_size < 0:
        yield ParamError(field="connection_pool_size", message="must not be negative")
    for name in ("timeout", "min_deduplication_duration"):
        if getattr(params, name) < _MILLISECOND:
            yield ParamError(field=name, message="must be at least 1ms")
    if params.local_divisor < 1:
        yield ParamError(field="local_divisor", message="must be at least 1")


def _quota(place: str, quota: Quota) -> Iterator[ParamError]:
    if not quota.name:
        yield ParamError(field=f"{place}.name", message="is missing: which quota instance?")
    if not 0 <= quota.max_amount <= MOST:
        yield ParamError(field=f"{place}.max_amount", message=f"must be from 0 to {MOST}")
    if quota.valid_duration < _MILLISECOND:
        yield ParamError(field=f"{place}.valid_duration", message="must be at least 1ms")
    is_rolling = quota.rate_limit_algorithm is Algorithm.ROLLING_WINDOW
    if is_rolling and not _MILLISECOND <= quota.bucket_duration < quota.valid_duration:
        message = "must be at least 1ms, and less than valid_duration"
        yield ParamError(field=f"{place}.bucket_duration", message=message)
    for index, override in enumerate(quota.overrides):
        at = f"{place}.overrides[{index}]"
        if not override.dimensions:
            yield ParamError(field=f"{at}.dimensions", message="are missing: for whom is it?")
        if not 1 <= override.max_amount <= MOST:
            yield ParamError(field=f"{at}.max_amount", message=f"must be from 1 to {MOST}")

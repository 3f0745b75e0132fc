"""Reads the spec of a resource as the dataclass of its kind."""

from typing import TypeVar

from mixer.config.decode import decode
from mixer.config.resource import Resource
from mixer.errors import ConfigError

T = TypeVar("T")


def read_spec(cls: type[T], resource: Resource, errors: list[ConfigError]) -> T:
    """The spec as `cls`, as far as it can be read; what is wrong is appended to `errors`."""
    decoded = decode(cls, resource.spec)
    errors += [resource.error(path, message) for path, message in decoded.errors]
    return decoded.value

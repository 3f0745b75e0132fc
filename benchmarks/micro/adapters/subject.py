"""One call of one adapter."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mixer.adapter import InstanceType, ValueType

NAME: Final = "sample.instance.benchmark"
"""The full name of the instance that is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Where adapters find what they talk to: each `HOST:PORT`, but for the last two."""

    http: str
    grpc: str
    stream: str
    datagrams: str
    redis: str
    postgres: str
    """URL of a database."""
    folder: Path
    """Where files may be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A handler, and how it is called."""

    name: str
    """Begins with the adapter's."""
    params: Callable[[Services], Mapping[str, Any]]
    """As a configuration says them."""
    template: str
    inputs: Callable[[int], Iterable[Any]]
    """Makes so many arguments of the handler's method."""
    leading: tuple[Any, ...] = ()
    """Arguments that come before, and are always the same."""
    fields: Mapping[str, ValueType | Mapping[str, ValueType]] = field(default_factory=dict)
    """The types of the instance's fields."""
    stand_ins: Mapping[str, object] = field(default_factory=dict)
    """What takes the place of which name, so that the adapter talks to nothing."""
    talks: bool = False
    """Whether calls have to do with anything outside the process when nothing takes its place."""

    @property
    def adapter(self) -> str:
        """The adapter's name."""
        return self.name.partition(":")[0].partition(",")[0]

    @property
    def instances(self) -> Mapping[str, InstanceType]:
        """What the handler is told of the instance."""
        return {NAME: InstanceType(template=self.template, fields=self.fields)}

"""Finds adapters by entry point, and imports only those that a configuration names."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from mixer.adapter.info import Info, RegistrationError

GROUP: Final = "mixer.adapters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """An adapter that some distribution offers; it need not have been imported."""

    name: str
    distribution: str
    version: str


class AdapterRegistry:
    """The adapters that can be named in a configuration."""

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        """Reads the installed entry points, unless it is given some."""
        found = entry_points(group=GROUP) if points is None else points
        self._points: dict[str, EntryPoint] = {}
        self._duplicates: dict[str, str] = {}
        for point in found:
            other = self._points.setdefault(point.name, point)
            if other.value != point.value:
                self._duplicates[point.name] = f"{other.value} and {point.value}"
        self._infos: dict[str, Info] = {}

    def names(self) -> list[str]:
        """The names of all adapters, in order."""
        return sorted(self._points)

    def installed(self) -> list[Installed]:
        """All adapters with the distribution that each comes from, in the order of names."""
        return [
            Installed(
                name=name,
                distribution=point.dist.name if point.dist else "",
                version=point.dist.version if point.dist else "",
            )
            for name, point in sorted(self._points.items())
        ]

    def get(self, name: str) -> Info | None:
        """The adapter of that name, imported; None where nobody offers one.

        Raises RegistrationError for an adapter that cannot be imported, that two distributions
        offer, or that is no adapter.
        """
        info = self._infos.get(name)
        if info is None and name in self._points:
            info = self._infos[name] = self._load(self._points[name])
        return info

    def _load(self, point: EntryPoint) -> Info:
        if point.name in self._duplicates:
            raise RegistrationError(
                f"adapter {point.name!r} is offered twice: {self._duplicates[point.name]}"
            )
        try:
            info = point.load()
        except RegistrationError as error:
            raise RegistrationError(f"adapter {point.name!r} can't be used: {error}") from error
        except Exception as error:
            raise RegistrationError(
                f"adapter {point.name!r} can't be imported: {type(error).__name__}: {error}"
            ) from error
        if not isinstance(info, Info):
            raise RegistrationError(f"adapter {point.name!r}: {point.value} is no Info")
        if info.name != point.name:
            raise RegistrationError(f"entry point {point.name!r} names adapter {info.name!r}")
        return info

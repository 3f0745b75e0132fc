"""What is known of the cluster: few writers, one for each kind of object, and many readers.

Readers take no lock: they only ever look up single keys in a dict, and a list that arrives anew
takes the place of the old dicts at once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

from adapters.kubernetesenv.objects import (
    Key,
    Owner,
    Pod,
    Raw,
    Service,
    key_of,
    owner_of,
    pod_of,
    service_of,
)

T = TypeVar("T")
A = TypeVar("A", bound=Pod | Service)
_Place = tuple[str, str, str]
"""A namespace, and a label with its value."""


class Objects(Generic[T]):
    """All objects of one kind, by name; at most `limit`."""

    def __init__(self, read: Callable[[Raw], T], limit: int) -> None:
        self._read = read
        self._limit = limit
        self._kept: dict[Key, T] = {}
        self.dropped_count = 0
        """How many of those that are there could not be kept, as of the last list and since."""
        self.is_known = False
        """Whether there has been a list."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> T | None:
        """The object of that name."""
        return self._kept.get(key)

    def replace(self, raws: Iterable[Raw]) -> None:
        """Takes what was listed in place of all that was there."""
        kept: dict[Key, T] = {}
        dropped_count = 0
        for raw in raws:
            if len(kept) < self._limit:
                kept[key_of(raw)] = self._read(raw)
            else:
                dropped_count += 1
        self._kept, self.dropped_count, self.is_known = kept, dropped_count, True

    def put(self, raw: Raw) -> T | None:
        """Takes one that is new or has changed; None if there is no room for it."""
        key = key_of(raw)
        if key not in self._kept and len(self._kept) >= self._limit:
            self.dropped_count += 1
            return None
        self._kept[key] = made = self._read(raw)
        return made

    def remove(self, key: Key) -> T | None:
        """Forgets one; gives it if it was there."""
        return self._kept.pop(key, None)


class Addressed(Objects[A]):
    """All objects of a kind that has addresses, by name and by address."""

    def __init__(self, read: Callable[[Raw], A], limit: int) -> None:
        super().__init__(read, limit)
        self._by_address: dict[bytes, A] = {}

    def at(self, address: bytes) -> A | None:
        """The object that has this address for itself."""
        return self._by_address.get(address)

    def replace(self, raws: Iterable[Raw]) -> None:
        """See `Objects.replace`."""
        super().replace(raws)
        self._by_address = {one: made for made in self._kept.values() for one in made.addresses}

    def put(self, raw: Raw) -> A | None:
        """See `Objects.put`."""
        old = self._kept.get(key_of(raw))
        made = super().put(raw)
        if made is not None:
            self._forget_addresses(old, besides=made.addresses)
            self._by_address.update(dict.fromkeys(made.addresses, made))
        return made

    def remove(self, key: Key) -> A | None:
        """See `Objects.remove`."""
        gone = super().remove(key)
        self._forget_addresses(gone)
        return gone

    def _forget_addresses(self, one: A | None, besides: tuple[bytes, ...] = ()) -> None:
        for address in one.addresses if one else ():
            if address not in besides and self._by_address.get(address) is one:
                del self._by_address[address]


class Services(Addressed[Service]):
    """All services, also by the pods that they select.

    A service is filed under the first of the labels that it selects by, so a pod has to be compared
    with those services only that are filed under a label of its own.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(service_of, limit)
        self._filed: dict[_Place, tuple[Service, ...]] = {}

    def of(self, pod: Pod) -> Service | None:
        """A service that selects the pod: of several, the first by name."""
        namespace, labels = pod.key.namespace, pod.labels
        found = [
            service
            for label in labels.items()
            for service in self._filed.get((namespace, *label), ())
            if service.selector.items() <= labels.items()
        ]
        return min(found, key=_name) if found else None

    def replace(self, raws: Iterable[Raw]) -> None:
        """See `Objects.replace`."""
        super().replace(raws)
        filed: dict[_Place, tuple[Service, ...]] = {}
        for service in self._kept.values():
            if place := _place(service):
                filed[place] = (*filed.get(place, ()), service)
        self._filed = filed

    def put(self, raw: Raw) -> Service | None:
        """See `Objects.put`."""
        old = self._kept.get(key_of(raw))
        made = super().put(raw)
        if made is not None:
            self._unfile(old)
            if place := _place(made):
                self._filed[place] = (*self._filed.get(place, ()), made)
        return made

    def remove(self, key: Key) -> Service | None:
        """See `Objects.remove`."""
        gone = super().remove(key)
        self._unfile(gone)
        return gone

    def _unfile(self, service: Service | None) -> None:
        place = _place(service) if service else None
        if place:
            left = tuple(one for one in self._filed[place] if one is not service)
            if left:
                self._filed[place] = left
            else:
                del self._filed[place]


def _place(service: Service) -> _Place | None:
    for name, value in service.selector.items():
        return service.key.namespace, name, value
    return None


def _name(service: Service) -> str:
    return service.key.name


class Cache:
    """Pods, and the owners between pods and their workloads."""

    def __init__(self, limit: int, *, has_services: bool) -> None:
        """At most `limit` of each kind; services only if they are wanted."""
        self.pods = Addressed(pod_of, limit)
        self.replica_sets: Objects[Owner | None] = Objects(owner_of, limit)
        self.replication_controllers: Objects[Owner | None] = Objects(owner_of, limit)
        self.services = Services(limit)
        self._between: Mapping[str, Objects[Owner | None]] = {
            "ReplicaSet": self.replica_sets,
            "ReplicationController": self.replication_controllers,
        }
        owners = (self.replica_sets, self.replication_controllers)
        self.kinds: Final[tuple[Objects[Any], ...]] = (
            self.pods,
            *owners,
            *((self.services,) if has_services else ()),
        )
        """Those that are to be kept up to date, in the order of `api.connect`."""

    @property
    def is_known(self) -> bool:
        """Whether everything has been listed once."""
        return all(one.is_known for one in self.kinds)

    def workload_of(self, pod: Pod) -> Owner:
        """What controls the pod in the end: a deployment, for example, or the pod itself."""
        owner = pod.owner
        if owner is None:
            return Owner("v1", "Pod", pod.key.name)
        between = self._between.get(owner.kind)
        above = between.get(Key(pod.key.namespace, owner.name)) if between is not None else None
        return above or owner

"""What is known of the cluster: few writers, one for each kind of object, and many readers.

Readers take no lock: they only ever look up one key in a dict, and a list that arrives anew takes
the place of the old dicts at once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from adapters.kubernetesenv.objects import Key, Owner, Pod, Raw, key_of, owner_of, pod_of

T = TypeVar("T")


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


class Pods(Objects[Pod]):
    """All pods, by name and by address."""

    def __init__(self, limit: int) -> None:
        super().__init__(pod_of, limit)
        self._by_address: dict[bytes, Pod] = {}

    def at(self, address: bytes) -> Pod | None:
        """The pod that has this address for itself."""
        return self._by_address.get(address)

    def replace(self, raws: Iterable[Raw]) -> None:
        """See `Objects.replace`."""
        super().replace(raws)
        self._by_address = {
            address: pod for pod in self._kept.values() for address in pod.addresses
        }

    def put(self, raw: Raw) -> Pod | None:
        """See `Objects.put`."""
        old = self._kept.get(key_of(raw))
        made = super().put(raw)
        if made is not None:
            self._forget_addresses(old, besides=made.addresses)
            self._by_address.update(dict.fromkeys(made.addresses, made))
        return made

    def remove(self, key: Key) -> Pod | None:
        """See `Objects.remove`."""
        gone = super().remove(key)
        self._forget_addresses(gone)
        return gone

    def _forget_addresses(self, pod: Pod | None, besides: tuple[bytes, ...] = ()) -> None:
        for address in pod.addresses if pod else ():
            if address not in besides and self._by_address.get(address) is pod:
                del self._by_address[address]


class Cache:
    """Pods, and the owners between pods and their workloads."""

    def __init__(self, limit: int) -> None:
        self.pods = Pods(limit)
        self.replica_sets: Objects[Owner | None] = Objects(owner_of, limit)
        self.replication_controllers: Objects[Owner | None] = Objects(owner_of, limit)
        self._between: Mapping[str, Objects[Owner | None]] = {
            "ReplicaSet": self.replica_sets,
            "ReplicationController": self.replication_controllers,
        }

    @property
    def is_known(self) -> bool:
        """Whether everything has been listed once."""
        return self.pods.is_known and all(one.is_known for one in self._between.values())

    def workload_of(self, pod: Pod) -> Owner:
        """What controls the pod in the end: a deployment, for example, or the pod itself."""
        owner = pod.owner
        if owner is None:
            return Owner("v1", "Pod", pod.key.name)
        between = self._between.get(owner.kind)
        above = between.get(Key(pod.key.namespace, owner.name)) if between is not None else None
        return above or owner

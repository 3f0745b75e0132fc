"""Objects that must begin anew in the child of a fork.

A fork copies the memory but only the thread that forks: locks may be held by threads that are not
there, and what waits to be sent would be sent twice.
"""

import os
from typing import Protocol
from weakref import WeakValueDictionary


class Restartable(Protocol):
    """What can begin anew."""

    def restart(self) -> None:
        """Takes new locks, and forgets what is the parent's; no other thread runs."""


_owners: "WeakValueDictionary[int, Restartable]" = WeakValueDictionary()


def restart_in_child(owner: Restartable) -> None:
    """Has `owner.restart()` called in each child of a fork, for as long as `owner` lives."""
    _owners[id(owner)] = owner  # by id, because not all of them can be hashed


def _restart_all() -> None:
    for owner in list(_owners.values()):
        owner.restart()


os.register_at_fork(after_in_child=_restart_all)

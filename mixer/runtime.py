"""Holds the configuration in force, and swaps it as a whole.

A request takes `Runtime.dispatcher` once and keeps it: whatever happens to the configuration
meanwhile, it is answered by the one it began with.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mixer import monitoring
from mixer.adapter import Clock
from mixer.adapter.registry import AdapterRegistry
from mixer.config.compile import compile_snapshot
from mixer.config.snapshot import EMPTY, Snapshot
from mixer.config.store import Contents
from mixer.dispatch.dispatcher import Dispatcher
from mixer.errors import ConfigError, ConfigErrors
from mixer.isolation.isolation import Lend
from mixer.routing.builder import build_table
from mixer.routing.handlers import HandlerEntry, HandlerFactory
from mixer.routing.table import Table

_LOG: Final = logging.getLogger(__name__)


class OnConfigError(Enum):
    """What to do with a configuration that has errors."""

    REJECT = "reject"
    """Keep the one in force, whole."""
    PARTIAL = "partial"
    """Use its good parts, as the original Mixer did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeOptions:
    """How a runtime treats its configurations."""

    default_namespace: str = "istio-system"
    """The rules of this namespace apply to all requests."""
    on_config_error: OnConfigError = OnConfigError.REJECT
    close_timeout_s: float = 10.0
    """How long `Runtime.close` waits for handlers to close."""


class Runtime:
    """The configuration in force, its running handlers and its routing table."""

    def __init__(
        self,
        registry: AdapterRegistry,
        options: RuntimeOptions | None = None,
        clock: Clock | None = None,
        lend: Lend = nullcontext,
    ) -> None:
        """Starts with an empty configuration, by which every request may pass.

        `lend` gives the server one more thread, for a request that waits for a handler.
        """
        self._registry = registry
        self._options = options or RuntimeOptions()
        self._factory = HandlerFactory(clock or Clock(), lend)
        self._change = threading.Lock()
        self._table = build_table(EMPTY, {}, self._options.default_namespace)
        self.snapshot = EMPTY
        """The configuration in force."""
        self.dispatcher = Dispatcher(self._table)
        """What answers requests; a request must take it once and keep it."""

    def apply(self, contents: Contents) -> None:
        """Puts a configuration in force.

        Raises ConfigErrors, and leaves everything as it is, when there are errors and they are to
        be rejected. Handlers whose configuration is unchanged go on with their state; replaced ones
        are closed when the last request that may use them has ended.
        """
        with self._change:
            snapshot = compile_snapshot(contents.resources, self._registry, contents.errors)
            self._reject(snapshot.errors)
            built = self._factory.build(snapshot.handlers, self._table.handlers)
            try:
                self._reject(built.errors)
            except ConfigErrors:
                running = set(self._table.handlers.values())
                _let_go(set(built.table.values()) - running)
                raise
            errors = (*snapshot.errors, *built.errors)
            table = build_table(snapshot, built.table, self._options.default_namespace)
            self.snapshot = snapshot
            self._table = table
            self.dispatcher = Dispatcher(table)
            _count(snapshot, table, errors)
            monitoring.CONFIG_RELOADS.labels("partial" if errors else "applied").inc()
            monitoring.CONFIG_IS_CURRENT.set(1)
        for error in errors:
            _LOG.warning("left out: %s", error)
        _LOG.info("configuration in force: %s", describe(snapshot))

    def _reject(self, errors: tuple[ConfigError, ...]) -> None:
        if errors and self._options.on_config_error is OnConfigError.REJECT:
            _count_errors(errors)
            monitoring.CONFIG_RELOADS.labels("rejected").inc()
            monitoring.CONFIG_IS_CURRENT.set(0)
            raise ConfigErrors(errors)

    def close(self) -> bool:
        """Lets go of all handlers and waits for them; False when some did not close in time.

        No request may be under way.
        """
        with self._change:
            _let_go(self._table.handlers.values())
            self.snapshot = EMPTY
            self._table = build_table(EMPTY, {}, self._options.default_namespace)
            self.dispatcher = Dispatcher(self._table)
        return self._factory.drain(self._options.close_timeout_s)


def _let_go(entries: Iterable[HandlerEntry]) -> None:
    # Entries go when nobody holds them, but the traceback of an error can hold them for long.
    for entry in entries:
        entry.let_go()


def describe(snapshot: Snapshot) -> str:
    """`12 rules, 4 handlers, 9 instances, 90 attributes`."""
    counts = (
        (len(snapshot.rules), "rule"),
        (len(snapshot.handlers), "handler"),
        (snapshot.instance_count, "instance"),
        (len(snapshot.vocabulary), "attribute"),
    )
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)


def check_contents(contents: Contents, registry: AdapterRegistry) -> Snapshot:
    """Checks a configuration without putting it in force: no handler is made."""
    return compile_snapshot(contents.resources, registry, contents.errors)


def _count(snapshot: Snapshot, table: Table, errors: tuple[ConfigError, ...]) -> None:
    monitoring.ATTRIBUTES.set(len(snapshot.vocabulary))
    monitoring.HANDLER_CONFIGS.set(len(snapshot.handlers))
    monitoring.INSTANCE_CONFIGS.set(snapshot.instance_count)
    monitoring.RULE_CONFIGS.set(len(snapshot.rules))
    unsatisfied = sum(
        action.handler not in table.handlers for rule in snapshot.rules for action in rule.actions
    )
    monitoring.UNSATISFIED_ACTIONS.set(unsatisfied)
    for variety, routes in table.by_variety.items():
        count = sum(route.group_count for route in routes.values())
        monitoring.DESTINATIONS.labels(variety.value).set(count)
    _count_errors(errors)


def _count_errors(errors: tuple[ConfigError, ...]) -> None:
    by_kind = Counter(error.place.partition("/")[0] for error in errors)
    monitoring.RULE_CONFIG_ERRORS.set(by_kind["rule"])
    monitoring.INSTANCE_CONFIG_ERRORS.set(by_kind["instance"])
    monitoring.HANDLER_CONFIG_ERRORS.set(by_kind["handler"])

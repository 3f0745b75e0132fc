"""From a snapshot to a program: whose rules apply, and what becomes of each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mixer.adapter import Variety
from mixer.attribute.value import Value
from mixer.config.snapshot import Action, HeaderOperation, Rule, Snapshot
from mixer.config.spec import OnError, Operation
from mixer.errors import ConfigError
from mixer.export import denial
from mixer.export.actions import check, log, metric, quota
from mixer.export.attributes import Phase
from mixer.export.draft import Draft, Task
from mixer.export.lower import lower_table
from mixer.export.pool import ALWAYS
from mixer.export.program import (
    VERSION,
    Cells,
    HeaderChange,
    HeaderRule,
    Log,
    Metric,
    Program,
    Quota,
)
from mixer.export.program import Rule as CheckRule
from mixer.export.scope import Said
from mixer.expr import parse_checked
from mixer.template.plan import InstancePlan

_DESTINATION: Final = "destination.namespace"
_SOURCE: Final = "source.namespace"
_KIND: Final = "context.reporter.kind"
_CHANGES: Final = {Operation.REPLACE: "set", Operation.APPEND: "add", Operation.REMOVE: "remove"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What a proxy's owner knows and a configuration does not say."""

    namespace: str = ""
    """Whose rules apply, beside the default ones; empty for just those."""
    default_namespace: str = "istio-system"
    said: Said = field(default_factory=Said)
    fail_open: bool = False
    """Whether requests pass when the policy can't be decided."""
    cells: Cells = "shared"
    """Whether workers count quotas together or each alone."""
    amounts: Mapping[str, int] = field(default_factory=dict)
    """What a request takes of quotas, by short name; 1 of those that are not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One thing that a rule does, as the proxy will do it."""

    rule: str
    """`namespace/name`."""
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A program, and what it leaves out."""

    program: Program
    """To be used only if nothing was refused."""
    refused: tuple[ConfigError, ...]
    """What has no place in a proxy; each says `resource: field: reason`."""
    placed: tuple[Placed, ...]
    unknown: tuple[str, ...]
    """The attributes, in order, that a proxy does not know."""
    stats_tags: tuple[tuple[str, str], ...]
    """What Envoy's `stats_config` needs for the labels of metrics: tags and their patterns."""


def export(snapshot: Snapshot, options: ExportOptions) -> Exported:
    """Compiles a configuration; all that has no place in a proxy is refused."""
    return _Exporter(snapshot, options).exported()


class _Exporter:
    def __init__(self, snapshot: Snapshot, options: ExportOptions) -> None:
        self._snapshot = snapshot
        self._options = options
        self._draft = Draft(snapshot.vocabulary, _with_namespace(options))
        self._placed: list[Placed] = []
        self._rules = _applying(snapshot.rules, options)
        self._tasks = {rule.place: list(self._tasks_of(rule)) for rule in self._rules}

    def exported(self) -> Exported:
        for name in self._options.said.not_the_owners():
            self._draft.refuse(f"attribute {name}", "", "a request has it by itself")
        self._refuse_failure_modes()
        program = self._program()
        return Exported(
            program=program,
            refused=self._draft.refused,
            placed=tuple(self._placed),
            unknown=tuple(sorted(self._draft.unknown)),
            stats_tags=metric.stats_tags(program["metrics"]),
        )

    def _refuse_failure_modes(self) -> None:
        for rule in self._rules:
            decides = any(task.variety is not Variety.REPORT for task in self._tasks[rule.place])
            if decides and rule.on_error not in (None, OnError.fail):
                reason = "a proxy treats all failures alike, see --fail-open"
                self._draft.refuse(rule.place, "onError", reason)

    def _program(self) -> Program:
        draft, pool = self._draft, self._draft.pool
        checks, headers = list(self._checks()), list(self._headers())
        quotas, (metrics, logs) = self._quotas(), self._reports()
        codes = draft.codes | ({denial.EXHAUSTED} if quotas else set())
        return Program(
            version=VERSION,
            namespace=self._options.namespace,
            fail_open=self._options.fail_open,
            stack=pool.stack,
            cells=self._options.cells,
            constants=pool.constants,
            attributes=pool.attributes,
            code=pool.code,
            lower=lower_table() if pool.lowers else [],
            automata=pool.automata,
            lists=draft.lists,
            limits=draft.limits,
            statuses=denial.statuses(codes),
            check=checks,
            headers=headers,
            quotas=quotas,
            metrics=metrics,
            logs=logs,
        )

    def _tasks_of(self, rule: Rule) -> Iterator[Task]:
        for action in rule.actions:
            handler = self._snapshot.handlers.get(action.handler)
            if handler is not None:
                for plans in _by_template(action):
                    yield Task(rule=rule, handler=handler, plans=plans)

    def _of_variety(self, variety: Variety) -> Iterator[Task]:
        for rule in self._rules:
            for task in self._tasks[rule.place]:
                if task.variety is variety:
                    yield task

    def _note(self, rule: Rule, what: str) -> None:
        self._placed.append(Placed(rule=_name(rule), what=what))

    def _note_task(self, task: Task) -> None:
        names = ", ".join(plan.name for plan in task.plans)
        what = f"{task.template} {names} by {task.handler.info.name} {task.handler.name}"
        self._note(task.rule, what)

    def _checks(self) -> Iterator[CheckRule]:
        for rule in self._rules:
            tasks = [task for task in self._tasks[rule.place] if task.variety is Variety.CHECK]
            if not tasks:
                continue
            match = self._draft.match(rule, Phase.CHECK)
            actions = []
            for task in tasks:
                actions += check.check_actions(self._draft, task)
                self._note_task(task)
            yield CheckRule(rule=_name(rule), match=match, actions=actions)

    def _headers(self) -> Iterator[HeaderRule]:
        """A namespace with rules of its own does without the default ones' operations."""
        own = [rule for rule in self._rules if rule.namespace == self._options.namespace]
        is_own = any(
            rule.request_headers
            or rule.response_headers
            or any(task.variety is Variety.CHECK for task in self._tasks[rule.place])
            for rule in own
        )
        for rule in own if is_own else self._rules:
            if rule.request_headers or rule.response_headers:
                self._note(rule, "header operations")
                yield HeaderRule(
                    match=self._draft.match(rule, Phase.CHECK),
                    request=self._changes(rule, "request", rule.request_headers),
                    response=self._changes(rule, "response", rule.response_headers),
                )

    def _changes(
        self, rule: Rule, which: str, operations: Sequence[HeaderOperation]
    ) -> list[HeaderChange]:
        changes: list[HeaderChange] = []
        for index, operation in enumerate(operations):
            name, what = operation.name.lower(), _CHANGES[operation.operation]
            if operation.operation is Operation.REMOVE:
                changes.append((what, name, ALWAYS))
                continue
            for place, value in enumerate(operation.values):
                node, _ = parse_checked(value.text, self._snapshot.vocabulary)
                where = f"{which}HeaderOperations[{index}].values[{place}]"
                changes.append((what, name, self._draft.code(node, Phase.CHECK, rule.place, where)))
        return changes

    def _quotas(self) -> list[Quota]:
        quotas: dict[str, Quota] = {}
        for task in self._of_variety(Variety.QUOTA):
            for plan in task.plans:
                single = Task(rule=task.rule, handler=task.handler, plans=[plan])
                limit = quota.quota_limit(self._draft, single)
                found = quotas.setdefault(plan.short_name.lower(), self._quota(plan))
                if limit is not None:
                    found["limits"].append(limit)
                    self._note_task(single)
        for name in sorted(self._amounts.keys() - quotas.keys()):
            self._draft.refuse(f"quota {name}", "", "no rule that applies sends it")
        return [found for found in quotas.values() if found["amount"]]

    def _quota(self, plan: InstancePlan) -> Quota:
        amount = self._amounts.get(plan.short_name.lower(), 1)
        return Quota(name=plan.short_name, amount=amount, limits=[])

    @property
    def _amounts(self) -> Mapping[str, int]:
        return {name.lower(): amount for name, amount in self._options.amounts.items()}

    def _reports(self) -> tuple[list[Metric], list[Log]]:
        metrics: list[Metric] = []
        logs: list[Log] = []
        for task in self._of_variety(Variety.REPORT):
            match task.handler.info.name, task.template:
                case "prometheus", "metric":
                    metrics += metric.metrics(self._draft, task)
                case "stdio", "logentry":
                    logs += log.logs(self._draft, task)
                case "noop", _:
                    pass
                case adapter, template:
                    reason = f"adapter {adapter} can't take {template} in a proxy"
                    self._draft.refuse(task.handler.place, "", reason)
                    continue
            self._note_task(task)
        for task in self._of_variety(Variety.ATTRIBUTE_GENERATOR):
            reason = f"adapter {task.handler.info.name} can't generate attributes in a proxy"
            self._draft.refuse(task.handler.place, "", reason)
        return metrics, logs


def _name(rule: Rule) -> str:
    return rule.place.removeprefix("rule/")


def _by_template(action: Action) -> list[list[InstancePlan]]:
    found: defaultdict[str, list[InstancePlan]] = defaultdict(list)
    for instance in action.instances:
        found[instance.plan.template.name].append(instance.plan)
    return list(found.values())


def _applying(rules: Sequence[Rule], options: ExportOptions) -> list[Rule]:
    """The default rules, then those of the namespace."""
    namespaces = dict.fromkeys((options.default_namespace, options.namespace))
    return [rule for namespace in namespaces for rule in rules if rule.namespace == namespace]


def _with_namespace(options: ExportOptions) -> Said:
    """The namespace is an attribute too: of the source, where the proxy reports outbound ones."""
    said = options.said
    name = _SOURCE if said.attributes.get(_KIND) == "outbound" else _DESTINATION
    if not options.namespace or name in said.attributes:
        return said
    attributes: dict[str, Value] = {**said.attributes, name: options.namespace}
    return Said(attributes=attributes, absent=said.absent - {name})

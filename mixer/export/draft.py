"""A program while it is written, and what of the policy has no place in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mixer.adapter import Variety
from mixer.attribute.vocabulary import Vocabulary
from mixer.config.snapshot import HandlerConfig, Rule
from mixer.errors import ConfigError
from mixer.export.attributes import Phase
from mixer.export.expression import CodeWriter
from mixer.export.pool import ALWAYS, Pool
from mixer.export.program import Limit, List
from mixer.export.scope import Said, Scope
from mixer.expr import Constant, Node
from mixer.template.plan import InstancePlan, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Instances of one template that a rule sends to a handler."""

    rule: Rule
    handler: HandlerConfig
    plans: Sequence[InstancePlan]

    @property
    def template(self) -> str:
        """The template's name."""
        return self.plans[0].template.name

    @property
    def variety(self) -> Variety:
        """The template's variety."""
        return self.plans[0].template.variety


class Draft:
    """Writes the parts of one program."""

    def __init__(self, vocabulary: Vocabulary, said: Said) -> None:
        self.pool = Pool()
        self.lists: list[List] = []
        self.limits: list[Limit] = []
        self.codes: set[int] = set()
        """The status codes of denials."""
        self.unknown: set[str] = set()
        """The attributes that a proxy does not know."""
        self._writers: Final = {
            phase: CodeWriter(self.pool, vocabulary, self._scope(said, phase)) for phase in Phase
        }
        self._refused: dict[tuple[str, str], ConfigError] = {}

    def _scope(self, said: Said, phase: Phase) -> Scope:
        return Scope(pool=self.pool, said=said, phase=phase, unknown=self.unknown)

    @property
    def refused(self) -> tuple[ConfigError, ...]:
        """All that has no place in a proxy, each thing once."""
        return tuple(self._refused.values())

    def refuse(self, place: str, field: str, reason: str) -> None:
        """Notes what has no place in a proxy; `place` is `kind/namespace/name`."""
        where = f"{place}: {field}" if field else place
        self._refused.setdefault((where, reason), ConfigError(where, reason))

    def refuse_params(self, handler: HandlerConfig, field: str, reason: str) -> None:
        """The same for a parameter of a handler."""
        self.refuse(handler.place, f"params.{field}", reason)

    def match(self, rule: Rule, phase: Phase) -> int:
        """The code of a rule's match."""
        if rule.match is None:
            return ALWAYS
        return self.code(rule.match, phase, rule.place, "match")

    def code(self, node: Node, phase: Phase, place: str, field: str) -> int:
        """The code of an expression."""
        writer = self._writers[phase]
        number = writer.write(node)
        self._take_reasons(writer, place, field)
        return number

    def text(self, plan: InstancePlan, scalar: Scalar, phase: Phase, *, exact: bool = False) -> int:
        """The code of a field of an instance as text; see `CodeWriter.write_text`."""
        writer = self._writers[phase]
        number = writer.write_text(scalar.node, exact=exact)
        self._take_reasons(writer, place_of(plan), scalar.path)
        return number

    def field(self, plan: InstancePlan, scalar: Scalar, phase: Phase) -> int:
        """The code of a field of an instance."""
        return self.code(scalar.node, phase, place_of(plan), scalar.path)

    def constant(self, text: str) -> int:
        """Code that gives a text."""
        return self._writers[Phase.CHECK].write_constant(text)

    def evaluated(self, plan: InstancePlan) -> list[int]:
        """The code of all fields of an instance whose evaluation may fail."""
        scalars = (scalar for scalar in plan.scalars() if not isinstance(scalar.node, Constant))
        return [self.field(plan, scalar, Phase.CHECK) for scalar in scalars]

    def add_limit(self, limit: Limit) -> int:
        """The number of a limit."""
        if limit not in self.limits:
            self.limits.append(limit)
        return self.limits.index(limit)

    def add_list(self, entries: List) -> int:
        """The number of a list."""
        if entries not in self.lists:
            self.lists.append(entries)
        return self.lists.index(entries)

    def _take_reasons(self, writer: CodeWriter, place: str, field: str) -> None:
        for reason in writer.reasons:
            self.refuse(place, field, reason)
        writer.reasons.clear()


def place_of(plan: InstancePlan) -> str:
    """`kind/namespace/name` of an instance."""
    name, kind, namespace = plan.name.rsplit(".", 2)
    return f"{kind}/{namespace}/{name}"

"""What a change of the configuration takes, by the number of rules."""

import gc
import time
from dataclasses import dataclass
from typing import Final

from benchmarks.micro.timing import Clock
from mixer.adapter.registry import AdapterRegistry
from mixer.config.store import read_text
from mixer.runtime import Runtime

RULE_COUNTS: Final = (10, 100, 1000)

_HEAD: Final = """\
apiVersion: config.istio.io/v1alpha2
kind: attributemanifest
metadata: {name: words, namespace: istio-system}
spec:
  attributes:
    request.path: {valueType: STRING}
    request.headers: {valueType: STRING_MAP}
---
apiVersion: config.istio.io/v1alpha2
kind: handler
metadata: {name: refuse, namespace: istio-system}
spec: {compiledAdapter: denier}
---
apiVersion: config.istio.io/v1alpha2
kind: instance
metadata: {name: anything, namespace: istio-system}
spec: {compiledTemplate: checknothing}
"""
_RULE: Final = """\
---
apiVersion: config.istio.io/v1alpha2
kind: rule
metadata: {name: rule-%(number)d, namespace: istio-system}
spec:
  match: match(request.path, "/part-%(number)d/*") && request.headers["x-key"] != "k%(number)d"
  actions: [{handler: refuse, instances: [anything]}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """How long one configuration took."""

    rule_count: int
    read_s: float
    """From text to resources."""
    apply_s: float
    """From resources to being in force."""


def compile_rules(rule_count: int, clock: Clock = time.thread_time) -> Compilation:
    """Puts a configuration of so many different rules in force, once."""
    text = _HEAD + "".join(_RULE % {"number": number} for number in range(rule_count))
    runtime = Runtime(AdapterRegistry())
    gc.collect()
    started_s = clock()
    contents = read_text(text)
    read_s = clock()
    runtime.apply(contents)
    applied_s = clock()
    runtime.close()
    return Compilation(rule_count=rule_count, read_s=read_s - started_s, apply_s=applied_s - read_s)

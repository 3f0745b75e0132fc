"""The part of a configuration that makes an adapter slow, in a file of its own.

A proxy that runs the policy itself calls no adapter, so whoever exports the configuration leaves
this file out.
"""

from pathlib import Path
from typing import Final

from benchmarks.scenarios.documents import handler, instance, rule, write

FILE: Final = "adapter-delay.yaml"
"""The file's name within a scenario's configuration; it is there only if there is a delay."""
ADAPTER: Final = "delay"
"""The adapter's name; `benchmarks.placing.mixer_server` has it."""


def write_delay(folder: Path, delay_ms: float) -> None:
    """Has each Check wait for `delay_ms`; writes nothing if that is 0."""
    if delay_ms:
        documents = (
            handler("slow", ADAPTER, duration=f"{delay_ms / 1000:.6f}s"),
            instance("nothing-to-wait-for", "checknothing"),
            rule("wait", "slow", "nothing-to-wait-for"),
        )
        write(folder / FILE, documents)

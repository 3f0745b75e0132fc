"""The arms: each module here is one placement of a policy, and has it as `ARM`.

A new arm is a new file; nothing else has to know of it.
"""

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from benchmarks.arm import Arm


def all_arms() -> Sequence[Arm]:
    """All of them, in the order of tables and charts."""
    found: list[Arm] = [
        import_module(f"{__name__}.{module.name}").ARM for module in pkgutil.iter_modules(__path__)
    ]
    return sorted(found, key=lambda arm: (arm.color_order, arm.name))

"""How patient tests are."""

from typing import Final

SOON_S: Final = 60.0
"""How long to wait for what comes in a moment, unless the machine is very busy: what does not come
by then never will."""

LONG_S: Final = 900.0
"""The same for a program that has some work to do until it ends."""

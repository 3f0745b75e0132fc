"""What can be configured of an opa handler."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Policies, and which of their rules decides."""

    policy: tuple[str, ...] = ()
    """Modules in Rego, at least one; each is a whole one with its `package`."""
    check_method: str = ""
    """The rule that decides, such as `data.mixerauthz.allow`; needed."""
    fail_close: bool = False
    """What happens where that rule is undefined, is neither true nor false, or can't be worked out:
    true denies, false lets pass."""

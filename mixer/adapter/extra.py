"""Packages that only some adapters need."""

from collections.abc import Iterator
from contextlib import contextmanager

from mixer.adapter.info import RegistrationError


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Around the imports of packages that come with `pip install pymixer[EXTRA]`.

        with needs_extra("redis"):
            import redis

    Raises RegistrationError, which names the extra, when one of them is missing or can't be used.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise RegistrationError(
            f"{error.name or error} is missing; pip install 'pymixer[{extra}]'"
        ) from error
    except ImportError as error:
        raise RegistrationError(
            f"{error}; a package of the extra {extra} is damaged or of another version"
        ) from error

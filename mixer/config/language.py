"""Which expression language a resource asks for."""

from typing import Final

from mixer.config.resource import Resource
from mixer.errors import ConfigError

_ANNOTATION: Final = "policy.istio.io/lang"
_OTHER_LANGUAGES: Final = frozenset({"CEL", "COMPAT"})


def check_language(resource: Resource, errors: list[ConfigError]) -> None:
    """Refuses the languages that release 1.4 knew beside CEXL."""
    language = resource.annotations.get(_ANNOTATION, "")
    if language in _OTHER_LANGUAGES:
        message = f"annotation {_ANNOTATION}: {language} is not supported, only CEXL is"
        errors.append(resource.error((), message))

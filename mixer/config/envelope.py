"""A document's envelope: kind, name and namespace around a raw spec.

Keys are matched without regard to case, as the original's file store does (istio 1.4
`mixer/pkg/config/store/fsstore.go`). It ignores keys that it does not know and any `apiVersion`;
here a stray key beside `spec` is an error, for it is most often a misspelt `spec`, and so is a
document of another API group.
"""

from collections.abc import Mapping
from typing import Any, Final

from mixer.config.resource import Key, Lines, Path, Resource
from mixer.config.scalar import describe, to_text
from mixer.config.yaml_source import Document
from mixer.errors import ConfigError
from mixer.suggestion import did_you_mean

API_VERSION: Final = "config.istio.io/v1alpha2"
_GROUP: Final = API_VERSION.partition("/")[0]
_TOP_KEYS: Final = ("apiVersion", "kind", "metadata", "spec", "status")
_KEY_PATHS: Final = (("kind",), ("metadata", "namespace"), ("metadata", "name"))


def open_envelope(document: Document) -> tuple[Resource | None, list[ConfigError]]:
    """The resource of a document, None if it has no usable key or spec, and what is wrong."""
    return _Envelope(document).open()


class _Envelope:
    """One document, being opened; collects what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._errors: list[ConfigError] = []

    def open(self) -> tuple[Resource | None, list[ConfigError]]:
        data = self._document.data
        if not isinstance(data, dict):
            return None, [self._document.error((), f"want an object, got {describe(data)}")]
        resource = self._resource(data)
        self._report_unknown(data)
        return resource, self._errors

    def _resource(self, data: Mapping[str, Any]) -> Resource | None:
        if not self._is_ours(data):
            return None
        texts = [self._text(data, path) for path in _KEY_PATHS]
        labels = self._texts(data, "labels")
        annotations = self._texts(data, "annotations")
        spec = self._object(data, ("spec",))
        kind, namespace, name = texts
        if kind is None or namespace is None or name is None or spec is None:
            return None
        lines = self._document.lines
        spec_keys = (key for key in data if key.lower() == "spec")
        spec_lines = next((lines.below[key] for key in spec_keys), Lines(lines.line))
        return Resource(
            key=Key(kind=kind, namespace=namespace, name=name),
            spec=spec,
            annotations=annotations,
            labels=labels,
            file=self._document.file,
            lines=Lines(lines.line, spec_lines.below),
        )

    def _is_ours(self, data: Mapping[str, Any]) -> bool:
        version = _get(data, ("apiVersion",))
        if version is None or (isinstance(version, str) and version.split("/")[0] == _GROUP):
            return True
        self._report(f'want "{API_VERSION}", got {describe(version)}', ("apiVersion",))
        return False

    def _text(self, data: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
        value = _get(data, path)
        if value is None or value == "":
            self._report("is missing", path)
            return None
        return self._checked_text(value, path)

    def _checked_text(self, value: Any, path: tuple[str, ...]) -> str | None:
        try:
            return to_text(value)
        except ValueError as error:
            self._report(str(error), path)
            return None

    def _object(self, data: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
        value = _get(data, path)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self._report(f"want an object, got {describe(value)}", path)
        return None

    def _texts(self, data: Mapping[str, Any], name: str) -> dict[str, str]:
        path = ("metadata", name)
        found = self._object(data, path) or {}
        texts = {key: self._checked_text(value, (*path, key)) for key, value in found.items()}
        return {key: text for key, text in texts.items() if text is not None}

    def _report_unknown(self, data: Mapping[str, Any]) -> None:
        known = {name.lower() for name in _TOP_KEYS}
        for key in data:
            if key.lower() not in known:
                self._report(f'unknown field "{key}"{did_you_mean(key, _TOP_KEYS)}', (key,))

    def _report(self, message: str, path: Path) -> None:
        self._errors.append(self._document.error(path, message))


def _get(data: Any, path: tuple[str, ...]) -> Any:
    """The value at `path`, keys in any case; of keys that differ only in case, the last."""
    for name in path:
        if not isinstance(data, dict):
            return None
        data = {key.lower(): value for key, value in data.items()}.get(name.lower())
    return data

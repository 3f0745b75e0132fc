"""Headers as Envoy keeps them: lines in order, names in lower case."""

from collections.abc import Iterable

from tests.wasm_host.pairs import Pairs, to_bytes, to_text

Text = str | bytes
Lines = Iterable[tuple[Text, Text]]
"""Names and values, as a test writes them."""


class Headers:
    """The lines of a request, a response, or trailers."""

    def __init__(self, lines: Lines = ()) -> None:
        self.lines: Pairs = [(to_bytes(name).lower(), to_bytes(value)) for name, value in lines]

    def __repr__(self) -> str:
        return repr(self.texts())

    def texts(self) -> list[tuple[str, str]]:
        """All lines, for comparing."""
        return [(to_text(name), to_text(value)) for name, value in self.lines]

    def get(self, name: bytes) -> bytes | None:
        """The first value of that name."""
        wanted = name.lower()
        return next((value for found, value in self.lines if found == wanted), None)

    def add(self, name: bytes, value: bytes) -> None:
        """Adds a line."""
        self.lines.append((name.lower(), value))

    def replace(self, name: bytes, value: bytes) -> None:
        """Sets a line in place of all of that name: where the first one was, if there was one."""
        wanted = name.lower()
        places = [i for i, (found, _) in enumerate(self.lines) if found == wanted]
        if not places:
            self.add(wanted, value)
            return
        self.lines[places[0]] = (wanted, value)
        for place in reversed(places[1:]):
            del self.lines[place]

    def remove(self, name: bytes) -> None:
        """Removes all lines of that name."""
        wanted = name.lower()
        self.lines = [line for line in self.lines if line[0] != wanted]

    @property
    def byte_size(self) -> int:
        """How many bytes names and values have."""
        return sum(len(name) + len(value) for name, value in self.lines)

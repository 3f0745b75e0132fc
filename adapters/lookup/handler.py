"""The handler: keeps a table, renews it when its file changes, and answers.

A bad file never takes the place of a good one: the handler can't be made with one, and later goes
on with the table that it has.
"""

from collections.abc import Mapping

from adapters.lookup.csv_file import BadFileError, Version, read_rows
from adapters.lookup.params import Params
from adapters.lookup.table import Table, make_table
from mixer.adapter import Env
from mixer.template import lookup


class Handler:
    """Answers from outputs that are made once. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Raises BadFileError when there is no good file where one is wanted."""
        self._params = params
        self._logger = env.logger
        self._default = lookup.Output() if params.default is None else self._output(params.default)
        self._tried: Version | None = None
        """The last version of the file that was read, good or bad."""
        self._error = ""
        """Why the file can't be used; empty if it can."""
        if params.file:
            self._tried = Version.of(params.file)
        self._table = self._read()

    def generate_lookup(self, instance: lookup.Instance) -> lookup.Output:
        """What the table holds for the key."""
        return self._table.find(instance.key) or self._default

    def refresh(self) -> None:
        """Reads the file again if it has changed. A failure is logged, and the table kept."""
        try:
            version = Version.of(self._params.file)
            if version != self._tried:
                self._tried = version
                self._table = self._read()
            self._error = ""
        except BadFileError as error:
            if str(error) != self._error:
                self._error = str(error)
                self._logger.warning("%s; the table stays", error)

    def _read(self) -> Table[lookup.Output]:
        params = self._params
        rows: dict[str, lookup.Output] = {}
        if params.file:
            rows = read_rows(params.file, params.key_column, params.max_rows, self._output)
        rows |= {key: self._output(fields) for key, fields in params.table.items()}
        try:
            return make_table(params.key_type, rows.items())
        except ValueError as error:
            raise BadFileError(f"{params.file}: {error}") from error

    def _output(self, fields: Mapping[str, str]) -> lookup.Output:
        return lookup.Output(value=fields.get(self._params.value_field), fields=dict(fields))

"""Asks the server."""

import json

from adapters.call_out import HttpClient, parsed
from adapters.opa_document import answer, document, path_of
from adapters.opa_remote.params import Params, target_of
from mixer.adapter import CheckResult, Env
from mixer.template.authorization import Instance


class Handler:
    """Answers as the server says. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Connects to nothing yet; raises OSError or ValueError when a file can't be read."""
        self._fail_close = params.fail_close
        self._client = HttpClient(target_of(params, path_of(params.check_method)), env)

    def handle_authorization(self, instance: Instance) -> CheckResult:
        """OK or PERMISSION_DENIED.

        Raises UnavailableError when the server is away, too slow or too busy, AnswerError when it
        answers anything but a decision.
        """
        question = json.dumps({"input": document(instance)}, separators=(",", ":"))
        body = self._client.post(question.encode(), may_repeat=True)
        return answer(parsed(body).get("result"), fail_close=self._fail_close)

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()


def build(params: Params, env: Env) -> Handler:
    """Makes a handler; the server need not be there."""
    return Handler(params, env)

"""Runs programs over descriptions of requests: the reference for all other interpreters.

It says what is right, not how to be fast. Read it with `docs/policy_program.md`.

===============  ====================================================
`request`        the description of a request, and its attributes
`verify`         what is wrong with a program, before it is run
`machine`        the opcodes; `run`: code over one request
`look_up`        lists
`cells`          what is taken of limits
`interpreter`    all of it: actions, verdict, header operations, quotas
`report`         samples and lines
===============  ====================================================
"""

from mixer.export.interpret.interpreter import Interpreter
from mixer.export.interpret.request import Request
from mixer.export.interpret.verdict import Verdict

__all__ = ["Interpreter", "Request", "Verdict"]

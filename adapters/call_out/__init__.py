"""What adapters that call a service of the user's share; no adapter itself.

============  ==================================================================
`params`      what is configured of TLS and tokens, and what can be wrong with it
`secret`      a file whose content may change: a token, a key
`budget`      how many calls are made a second time
`target`      where an HTTP service is and how it is called
`http`        calls it
`answer`      what it said, as JSON
`passes_on`   one method for each template, for adapters that pass all of them on
============  ==================================================================
"""

from adapters.call_out.answer import AnswerError, parsed
from adapters.call_out.budget import RetryBudget
from adapters.call_out.http import HttpClient
from adapters.call_out.params import Tls, Token, credential_errors, retry_errors, tls_errors
from adapters.call_out.passes_on import PassesOn
from adapters.call_out.secret import SecretFile
from adapters.call_out.target import HttpTarget, target_errors

__all__ = [
    "AnswerError",
    "HttpClient",
    "HttpTarget",
    "PassesOn",
    "RetryBudget",
    "SecretFile",
    "Tls",
    "Token",
    "credential_errors",
    "parsed",
    "retry_errors",
    "target_errors",
    "tls_errors",
]

"""What adapters that call a service of the user's share; no adapter itself.

============  ==================================================================
`budget`      how many calls are made a second time
`secret`      a file whose content may change: a token, a key
`params`      what is configured of TLS and tokens, and what can be wrong with it
============  ==================================================================
"""

from adapters.call_out.budget import RetryBudget
from adapters.call_out.params import Tls, Token, credential_errors, retry_errors, tls_errors
from adapters.call_out.secret import SecretFile

__all__ = [
    "RetryBudget",
    "SecretFile",
    "Tls",
    "Token",
    "credential_errors",
    "retry_errors",
    "tls_errors",
]

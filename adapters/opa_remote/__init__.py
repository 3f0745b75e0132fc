"""Adapter `opa-remote`: a server of Open Policy Agent decides.

=======================  =========================================================
`params`                 what a configuration says, and what is wrong with it
`adapters.opa_document`  instance → input document; what policies say → answer
`adapters.call_out`      posts it
`handler`                asks the server
=======================  =========================================================

Document and answers are those of adapter `opa`, so policies can move from one to the other.
"""

from typing import Final

from adapters.opa_remote.handler import build
from adapters.opa_remote.params import Params, validate
from mixer.adapter import Info
from mixer.template import authorization

INFO: Final = Info(
    name="opa-remote",
    description="Lets pass what a server of Open Policy Agent allows.",
    templates=(authorization.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
    may_block=True,
)

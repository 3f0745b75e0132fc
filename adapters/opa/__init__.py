"""Adapter `opa`: policies in Rego, the language of Open Policy Agent, decide in this process.

The way of a request, and the modules:

======================  ===========================================================
`params`                what a configuration says
`validation`            what is wrong with it, policies that don't compile included
`source`                faults of a policy's text, with their lines (pure)
`engine`                policies → an engine; a document → what they say
`adapters.opa_document` instance → input document; what policies say → answer
`handler`               keeps engines, one for each call that is under way
======================  ===========================================================

Policies are run by rego-cpp, whose Python package is `regopy`. Params, document and answers are
those of istio 1.4 `mixer/adapter/opa`; what differs says docs/adapters/opa.md.
"""

from typing import Final

from adapters.opa.handler import build
from adapters.opa.params import Params
from adapters.opa.validation import validate
from mixer.adapter import Info
from mixer.template import authorization

INFO: Final = Info(
    name="opa",
    description="Lets pass what policies in Rego allow, which are run in this process.",
    templates=(authorization.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)

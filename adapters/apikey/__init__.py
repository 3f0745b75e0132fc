"""Adapter `apikey`: may the bearer of this API key make this call?

=============  ====================================================================
`params`       what a configuration says of keys and of their file
`validation`   what is wrong with it (pure)
`key`          a key, ready to be asked about
`key_file`     reads keys from a CSV file
`handler`      keeps the keys, reads the file again regularly, and answers
=============  ====================================================================

Nowhere is a key itself kept, logged or told: it is known by its SHA-256 only. Looking up that hash
takes a time that depends on the hash, of which a caller can't choose a single bit, and so tells
nothing about the keys that exist.
"""

from typing import Final

from adapters.apikey.handler import build
from adapters.apikey.params import Params
from adapters.apikey.validation import validate
from mixer.adapter import Info
from mixer.template import apikey

INFO: Final = Info(
    name="apikey",
    description="Lets calls pass that carry an API key which may make them.",
    templates=(apikey.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)

"""The expression language of Mixer (CEXL): text in, a Python function of a bag out.

===========  ==================================================================
`grammar`    text → syntax tree (`ast`), the expressions of Go less what Mixer rejects
`checker`    syntax tree → type; the functions and their types are in `externs`
`emitter`    syntax tree → Python source, with constants in a `Namespace`
`compiler`   all of it for one expression: `compile_expression`
===========  ==================================================================

Behaviour: istio 1.4 `mixer/pkg/lang`, `mixer/pkg/il`.
"""

from mixer.expr.ast import Attribute, Call, Constant, Node, walk
from mixer.expr.checker import check
from mixer.expr.compiler import Expression, compile_expression, parse_checked
from mixer.expr.emitter import emit
from mixer.expr.externs import EXTERNS, Kind, Signature
from mixer.expr.grammar import MAX_DEPTH, MAX_LENGTH, parse
from mixer.expr.namespace import Namespace
from mixer.expr.printer import to_prefix, to_text

__all__ = [
    "EXTERNS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Attribute",
    "Call",
    "Constant",
    "Expression",
    "Kind",
    "Namespace",
    "Node",
    "Signature",
    "check",
    "compile_expression",
    "emit",
    "parse",
    "parse_checked",
    "to_prefix",
    "to_text",
    "walk",
]

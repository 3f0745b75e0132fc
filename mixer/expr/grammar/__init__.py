"""From text to syntax tree: the part of Go's expression grammar that Mixer accepts."""

from mixer.expr.grammar.parser import MAX_DEPTH, MAX_LENGTH, parse

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse"]

"""RE2 patterns as automata: what a filter runs has no library of patterns.

`pattern` reads a pattern, with the sets of characters of `char_class`; `automaton` makes of some
patterns one automaton of bytes, which finds them anywhere in a text.
"""

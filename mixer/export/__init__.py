"""From a snapshot to a program that a filter inside Envoy runs: one policy, two placements.

==============  ====================================================================
`program`       what stands in the file; `docs/policy_program.md` says what it means
`attributes`    where a proxy has each attribute from; `scope`: what its owner says
`expression`    syntax tree → code, with constants and attributes in a `Pool`
`regex`         RE2 pattern → automaton, which needs no library to run
`actions`       what adapters do, as parts of a program
`exporter`      all of it: `export`, which refuses what has no place in a proxy
`interpret`     runs a program over the description of a request: the reference
==============  ====================================================================
"""

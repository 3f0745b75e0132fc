"""Configuration: files → resources → checked and compiled, immutable `Snapshot`.

From files to resources:

==============  ====================================  ==========================================
module          takes                                 gives
==============  ====================================  ==========================================
`files`         a directory                           texts; errors for what can't be read
`yaml_source`   a text                                documents: plain data with its lines
`envelope`      a document                            a `Resource`: key and raw spec
`store`         a directory or text                   `Contents`: all of the above, and again
                                                      whenever `watch` says so
`decode`        raw data and a dataclass              a value of that class, and what is wrong
`spec`                                                the dataclasses of Mixer's own kinds
==============  ====================================  ==========================================

Nothing here raises for what stands in a configuration: errors are collected, each with its place,
beside everything that could be read.
"""

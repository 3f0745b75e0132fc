"""`mixs adapter`: help for those who write adapters.

=============  ==============================================================
`command`      the group of its commands
`new`          `mixs adapter new`: writes the files of a package
`serve`        `mixs adapter serve`: an installed adapter in a process of its own
`skeleton`     what these files say, for the templates that are wanted
`files`        their texts, with `$name` where something is put in
=============  ==============================================================
"""

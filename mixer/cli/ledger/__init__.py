"""`mixs ledger`: reads what adapter `metering` has recorded.

=============  ====================================================================
`command`      the group of its commands
`access`       options that all of them have, and how they fail
`form`         rows as text, JSON or CSV
`totals`       `mixs ledger sum`
`export`       `mixs ledger export`
`invoice`      `mixs ledger invoice`, and the file of prices
`correct`      `mixs ledger correct`: the only one that writes
=============  ====================================================================

They stand here, not with the adapter, because they share options and output with all other
commands, which adapters know nothing of. What they know of the adapter is its ledger and prices.
"""

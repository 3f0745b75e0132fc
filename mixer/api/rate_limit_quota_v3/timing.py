"""How Envoy reports usage, and for how long its assignments last (tried with Envoy 1.40)."""

from typing import Final

REPORT_INTERVAL_S: Final = 5.0
"""Envoy reports all buckets in this interval, whatever `reporting_interval` says."""
MARGIN_S: Final = 0.5
"""Reports may come so much late."""
ASSIGNMENT_LIFE_S: Final = 15
"""Each report renews the assignment, so it ends only when the Mixer has been away for longer than
two reports; then Envoy's `expired_assignment_behavior` decides. Envoy reads whole seconds only."""
IDLE_S: Final = 600.0
"""A bucket without requests for so long is abandoned, or Envoy would report it for ever (proxy 1.4
forgets quotas after the same time)."""

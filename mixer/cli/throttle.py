"""The options of `mixs server` that make it shed load."""

from collections.abc import Callable
from functools import reduce
from typing import Any, Final

import click

from mixer.api.throttle import ThrottleMode, ThrottleOptions
from mixer.cli.option import option

_DEFAULTS: Final = ThrottleOptions()

_OPTIONS: Final = (
    option(
        "--loadshedding-mode",
        type=click.Choice(ThrottleMode, case_sensitive=False),
        default=_DEFAULTS.mode.value,
        help="enforce refuses requests that are too many or take too long; logonly just tells.",
    ),
    option(
        "--max-requests-per-second",
        type=click.FloatRange(min=0),
        default=_DEFAULTS.max_requests_per_second,
        help="More are too many; each set of attributes of a Report counts. 0 is no limit.",
    ),
    option(
        "--burst-size",
        type=click.IntRange(min=0),
        default=_DEFAULTS.burst_size,
        help="How many may come at once. 0 is as many as may come in a second.",
    ),
    option(
        "--average-latency-threshold",
        type=click.FloatRange(min=0),
        default=_DEFAULTS.average_latency_s,
        metavar="SECONDS",
        help="Requests take too long when their mean time is this or more. 0 is no limit.",
    ),
    option(
        "--latency-sample-halflife",
        type=click.FloatRange(min=0, min_open=True),
        default=_DEFAULTS.latency_half_life_s,
        metavar="SECONDS",
        help="After this time, a request counts half in the mean.",
    ),
    option(
        "--latency-enforcement-threshold",
        type=click.FloatRange(min=0),
        default=_DEFAULTS.latency_free_per_second,
        help="So many requests per second are never refused for the time they take.",
    ),
)


def throttle_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command."""
    return reduce(lambda decorated, add: add(decorated), reversed(_OPTIONS), command)


def take_throttle(options: dict[str, Any]) -> ThrottleOptions:
    """Takes the values of these options out of all those of a command."""
    return ThrottleOptions(
        mode=options.pop("loadshedding_mode"),
        max_requests_per_second=options.pop("max_requests_per_second"),
        burst_size=options.pop("burst_size"),
        average_latency_s=options.pop("average_latency_threshold"),
        latency_half_life_s=options.pop("latency_sample_halflife"),
        latency_free_per_second=options.pop("latency_enforcement_threshold"),
    )

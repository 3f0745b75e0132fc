"""The way of a span from a request to the reporter's queue."""

from collections.abc import Sequence

from adapters.zipkin.params import Params
from adapters.zipkin.reporter import Reporter
from adapters.zipkin.span import is_sampled
from mixer.adapter import Env
from mixer.template.tracespan import Instance


class ZipkinHandler:
    """Has the spans of sampled traces posted; a request waits for no post."""

    def __init__(self, params: Params, reporter: Reporter) -> None:
        self._probability = params.sample_probability
        self._reporter = reporter

    def handle_tracespan(self, instances: Sequence[Instance]) -> None:
        """Queues the spans whose trace is sampled; what else is wrong with an id is seen later."""
        sampled = [one for one in instances if is_sampled(one.trace_id, self._probability)]
        if sampled:
            self._reporter.add(sampled)

    def close(self) -> None:
        """Posts what waits; see `Reporter.close`."""
        self._reporter.close()


def build(params: Params, env: Env) -> ZipkinHandler:
    """Makes a handler; the server need not be there."""
    if params.sample_probability == 0:
        env.logger.warning("sample_probability is 0: %s sends no spans", env.handler)
    return ZipkinHandler(params, Reporter(params, env))

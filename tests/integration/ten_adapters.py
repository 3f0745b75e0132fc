"""One configuration with ten adapters, and a load on all of them."""

import itertools
import json
import threading
import time
from collections import Counter
from pathlib import Path

from mixer.adapter import Timestamp
from protos.mixer.v1 import mixer_pb2
from tests.integration.documents import (
    document,
    generator,
    handler,
    instance,
    manifest,
    rule,
    yaml_of,
)
from tests.integration.wire import REPORT, client_of, report_request
from tests.patience import SOON_S

CLIENTS = 6
OF_THE_RULE_S = 1.0
"""How long a quota is good that was granted because its rule allows errors."""
WINDOW_S = 30.0
"""How long one is good that Redis granted."""
POLICY = """
package mixerauthz
default allow := false
allow if input.subject.user != "mallory"
"""

REFUSED = ("thief", "mallory", "stranger")
"""Users whom one of the three adapters that decide refuses each."""

MANIFEST = manifest(
    source__user="STRING",
    source__name="STRING",
    source__owner="STRING",
    request__id="STRING",
    request__path="STRING",
    request__time="TIMESTAMP",
    response__time="TIMESTAMP",
)


def isolated(name, adapter, **params):
    """A handler that tries again soon after its back end was away."""
    isolation = {"timeout": "2s", "breakerPause": "100ms"}
    spec = {"compiledAdapter": adapter, "params": params, "isolation": isolation}
    return document("handler", name, spec)


def configuration(*, redis, ledger, spans, metrics, archive):
    """All ten: where Redis, the ledger and the receiver of spans are, and where to put the rest."""
    who = {"subject": {"user": "source.user", "properties": {"owner": "source.owner"}}}
    who["action"] = {"service": '"shop"', "method": '"GET"', "path": "request.path"}
    roles = [{"name": "all", "rules": [{"services": ["*"], "methods": ["GET"]}]}]
    binding = {"roleRef": {"name": "all"}, "subjects": [{"properties": {"owner": "team-web"}}]}
    meter = {"what": "calls", "unit": "call", "begin": "begin", "end": "end"}
    times = {"startTime": "request.time", "endTime": "response.time"}
    return yaml_of(
        MANIFEST,
        handler("owners", "lookup", table={"web": {"value": "team-web"}}, default={"value": "-"}),
        handler("roles", "rbac", roles=roles, bindings=[{"name": "web", **binding}]),
        handler("thieves", "listchecker", overrides=["thief"], blacklist=True),
        handler("policies", "opa", policy=[POLICY], checkMethod="data.mixerauthz.allow"),
        handler(
            "own-limits",
            "memquota",
            quotas=[
                {
                    "name": "own.instance.istio-system",
                    "maxAmount": 10**9,
                    "validDuration": f"{WINDOW_S}s",
                }
            ],
        ),
        isolated(
            "shared-limits",
            "redisquota",
            redisServerUrl=redis,
            quotas=[
                {
                    "name": "shared.instance.istio-system",
                    "maxAmount": 10**9,
                    "validDuration": f"{WINDOW_S}s",
                }
            ],
        ),
        isolated(
            "usage",
            "metering",
            ledger=ledger,
            meters=[{"instance": "calls.instance.istio-system", **meter}],
            timeout="1s",
        ),
        handler(
            "metrics",
            "prometheus",
            listenAddress=metrics,
            metrics=[
                {
                    "name": "requests_total",
                    "instanceName": "count.instance.istio-system",
                    "kind": "COUNTER",
                }
            ],
        ),
        handler("archive", "file", path=str(archive)),
        handler(
            "traces",
            "zipkin",
            url=spans,
            sampleProbability=1,
            flushInterval="20ms",
            maxQueuedSpans=100,
        ),
        generator("owner", 'source.name | ""', source__owner="$out.value"),
        instance("who", "authorization", **who),
        instance("user", "listentry", value="source.user"),
        instance("own", "quota"),
        instance("shared", "quota"),
        instance(
            "calls",
            "metric",
            value="1",
            dimensions={
                "customer": "source.user",
                "id": "request.id",
                "begin": "request.time",
                "end": "response.time",
            },
        ),
        instance("count", "metric", value="1"),
        instance("line", "logentry", timestamp="request.time", variables={"id": "request.id"}),
        instance(
            "span",
            "tracespan",
            traceId="request.id",
            spanId="request.id",
            spanName="request.id",
            **times,
        ),
        rule("find-out", ("owners", "owner")),
        rule("guard", ("roles", "who"), ("thieves", "user"), ("policies", "who")),
        rule("own", ("own-limits", "own")),
        rule("shared", ("shared-limits", "shared"), onError="allow"),
        rule("usage", ("usage", "calls"), match='(request.id | "") != ""'),
        rule(
            "watch",
            ("metrics", "count"),
            ("archive", "line"),
            ("traces", "span"),
            match='(request.id | "") != ""',
        ),
    )


class Load:
    """Clients that ask and report without a pause, and look at each answer; a context manager."""

    def __init__(self, address):
        self.address = address
        self.counts = Counter()
        """What was done, by what came of it."""
        self.wrong = []
        """Answers that should not be."""
        self.acknowledged = []
        """The ids of reports that were taken."""
        self.refused = []
        """The ids of those that were not."""
        self._numbers = itertools.count(1)
        self._over = threading.Event()
        self._change = threading.Condition()
        self._threads = [threading.Thread(target=self._work) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def run_on(self, **more):
        """Returns when so much more of each has been done."""
        with self._change:
            goals = {name: self.counts[name] + count for name, count in more.items()}
            assert self._change.wait_for(
                lambda: all(self.counts[name] >= goal for name, goal in goals.items()), SOON_S
            ), f"wanted {goals}, got {self.counts}"

    def _work(self):
        with client_of(self.address) as client:
            while not self._over.is_set():
                number = next(self._numbers)
                try:
                    found = [
                        self._decided(client, number),
                        self._granted(client, number, "own"),
                        self._granted(client, number, "shared"),
                        self._reported(client, number),
                    ]
                except AssertionError as error:  # a call that failed
                    self.wrong.append(str(error))
                    continue
                with self._change:
                    self.counts.update(found)
                    self._change.notify_all()

    def _decided(self, client, number):
        user = REFUSED[number % len(REFUSED)]
        name = "elsewhere" if user == "stranger" else "web"
        answer = client.check({"source.user": user, "source.name": name, "request.path": "/"})
        if answer.precondition.status.code != 7:
            self.wrong.append((user, answer))
        return "refused"

    def _granted(self, client, number, quota):
        attributes = {"source.user": "alice", "source.name": "web", "request.path": "/"}
        wanted = mixer_pb2.CheckRequest.QuotaParams(amount=1)
        answer = client.check(attributes, quotas={quota: wanted}, deduplication_id=str(number))
        found = answer.quotas[quota]
        if answer.precondition.status.code or found.granted_amount != 1:
            self.wrong.append((quota, answer))
        if found.valid_duration.ToTimedelta().total_seconds() == OF_THE_RULE_S:
            return f"{quota}, without being asked"
        return quota

    def _reported(self, client, number):
        answer = self.report(client, number)
        if isinstance(answer, bytes):
            self.acknowledged.append(number)
            return "acknowledged"
        if "usage" not in answer[1]:
            self.wrong.append(answer)
        self.refused.append(number)
        return "not acknowledged"

    def report(self, client, number):
        """What is answered to a report of the request of that number."""
        bag = {"source.user": "alice", "request.id": identifier(number)}
        times = {"request.time": time_of(number), "response.time": time_of(number + 1)}
        return client.send(REPORT, report_request(bag | times))


def identifier(number):
    """The id of the request of that number."""
    return f"{number:016x}"


_BEGAN_NS = time.time_ns()


def time_of(number):
    """When that request came."""
    return Timestamp(_BEGAN_NS + number)


def ids_in(archive: Path):
    """Of the requests that have a line in the archive."""
    return [json.loads(line)["variables"]["id"] for line in archive.read_text().splitlines()]

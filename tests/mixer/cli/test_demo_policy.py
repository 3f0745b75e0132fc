"""The demo's copy of the embedded configuration."""

from mixer import demo
from mixer.adapter.registry import AdapterRegistry
from mixer.cli.demo.policy import copy_policy
from mixer.config.store import DirectoryStore
from mixer.runtime import check_contents


def params(contents):
    snapshot = check_contents(contents, AdapterRegistry())
    assert snapshot.errors == ()
    return {name: handler.params for name, handler in snapshot.handlers.items()}


def test_it_differs_only_in_where_metrics_and_log_go(tmp_path):
    policy = copy_policy(tmp_path)

    copied = params(DirectoryStore(policy.directory).read())
    embedded = params(demo.contents())
    differing = {name for name in embedded if copied[name] != embedded[name]}
    assert copied.keys() == embedded.keys()
    assert differing == {"prometheus.istio-system", "console.istio-system"}
    assert copied["prometheus.istio-system"].listen_address == policy.metrics_address
    assert copied["console.istio-system"].output_path == str(policy.access_log)
    assert copied["console.istio-system"].log_stream.name == "FILE"


def test_the_embedded_one_has_metrics_where_the_readme_says():
    assert params(demo.contents())["prometheus.istio-system"].listen_address == "127.0.0.1:42422"

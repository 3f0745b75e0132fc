import pytest
from click.testing import CliRunner

from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer

CONFIG = """
kind: attributemanifest
metadata: {name: attributes, namespace: istio-system}
spec:
  attributes:
    source.name: {valueType: STRING}
    request.headers: {valueType: STRING_MAP}
    response.code: {valueType: INT64}
---
kind: handler
metadata: {name: deny, namespace: istio-system}
spec:
  compiledAdapter: denier
  params:
    status: {code: 7, message: not you}
    validDuration: 5s
    validUseCount: 3
---
kind: instance
metadata: {name: nothing, namespace: istio-system}
spec: {compiledTemplate: checknothing}
---
kind: rule
metadata: {name: deny-mallory, namespace: istio-system}
spec:
  match: source.name == "mallory"
  actions: [{handler: deny, instances: [nothing]}]
---
kind: rule
metadata: {name: greet, namespace: istio-system}
spec:
  match: request.headers["x-greet"] == "yes"
  requestHeaderOperations:
  - {name: x-greeting, values: ['"hello"'], operation: APPEND}
---
kind: handler
metadata: {name: limits, namespace: istio-system}
spec:
  compiledAdapter: memquota
  params:
    quotas: [{name: requests.instance.istio-system, maxAmount: 2, validDuration: 3600s}]
---
kind: instance
metadata: {name: requests, namespace: istio-system}
spec:
  compiledTemplate: quota
  params: {dimensions: {source: source.name | ""}}
---
kind: rule
metadata: {name: limit, namespace: istio-system}
spec:
  actions: [{handler: limits, instances: [requests]}]
"""


@pytest.fixture(scope="session")
def config(tmp_path_factory):
    """A directory with a small configuration."""
    directory = tmp_path_factory.mktemp("config")
    (directory / "policy.yaml").write_text(CONFIG)
    return directory


@pytest.fixture(scope="session")
def mixer_address(config):
    """A running server with that configuration."""
    server = MixerServer(
        ServerOptions(address="127.0.0.1:0", monitoring_address=None, config=config, grace_s=0)
    )
    server.start()
    yield server.address
    server.stop()


@pytest.fixture
def run():
    """Runs a command as if its output were piped."""

    def run(command, *arguments, env=None):
        return CliRunner().invoke(command, [str(one) for one in arguments], env=env)

    return run

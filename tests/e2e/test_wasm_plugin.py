"""The WasmPlugin in examples/istio: it has the README's policy, and Envoy enforces it."""

import json
import re
from importlib.resources import as_file
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from mixer.cli.export import export
from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from proxy_client.wasm import shipped_filters
from tests.e2e.http_message import send
from tests.e2e.wasm import wasm_filter

ROOT = Path(__file__).parents[2]
[(_, POLICY)] = re.findall(
    r"^`([^`\n]+\.yaml)`:\n\n```yaml\n(.*?)^```$",
    (ROOT / "README.md").read_text(),
    re.MULTILINE | re.DOTALL,
)
PLUGIN = yaml.safe_load((ROOT / "examples/istio/wasm-plugin.yaml").read_text())
PROGRAM = PLUGIN["spec"]["pluginConfig"]


def test_its_program_is_that_of_the_policy_in_the_readme(tmp_path):
    (tmp_path / "keys.yaml").write_text(POLICY)
    namespace = PLUGIN["metadata"]["namespace"]

    result = CliRunner().invoke(export, [str(tmp_path), "--namespace", namespace])

    assert json.loads(result.stdout) == PROGRAM


@pytest.mark.envoy
def test_envoy_enforces_it_as_istio_passes_it_on(start_envoy, upstream):
    # Istio makes text of it, and a Struct has lost the order of its keys before.
    program = json.dumps(PROGRAM, sort_keys=True, indent=1)
    with as_file(shipped_filters()["policy_filter"]) as file:
        wasm = wasm_filter(file, program, root_id="any")
        listener = http_listener([wasm], [route("upstream")])
        envoy = start_envoy(bootstrap([listener], [cluster("upstream", upstream.address)]))

    def status(path, *headers):
        return send(envoy.addresses["http"], path, headers).status

    assert status("/public") == 200
    assert status("/private/diary") == 403
    assert status("/private/diary", ("x-api-key", "k-1234")) == 200

import yaml

from benchmarks.micro.config_copy import copy_config


def test_ports_and_outputs_are_moved_inside_and_the_rest_stays(tmp_path):
    original = tmp_path / "handlers.yaml"
    handlers = [
        {"spec": {"compiledAdapter": "prometheus", "params": {"metrics": []}}},
        {"spec": {"compiledAdapter": "stdio", "params": {"outputAsJson": True}}},
        {"spec": {"compiledAdapter": "memquota", "params": {"quotas": []}}},
    ]
    original.write_text(yaml.safe_dump_all(handlers) + "---\n")

    directory = copy_config([original], tmp_path / "copy")

    log = str(tmp_path / "copy.log")
    assert list(yaml.safe_load_all((directory / "handlers.yaml").read_text())) == [
        {
            "spec": {
                "compiledAdapter": "prometheus",
                "params": {"metrics": [], "listen_address": "127.0.0.1:0"},
            }
        },
        {
            "spec": {
                "compiledAdapter": "stdio",
                "params": {"outputAsJson": True, "log_stream": "FILE", "output_path": log},
            }
        },
        {"spec": {"compiledAdapter": "memquota", "params": {"quotas": []}}},
    ]

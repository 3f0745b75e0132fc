import re

import pytest

from benchmarks.environment import digest, facts_of_run, read_environment


@pytest.mark.envoy
def test_the_facts_of_a_run_name_machine_and_versions():
    facts = facts_of_run()
    assert list(facts) == [
        *("processor", "cores", "governor", "memory", "kernel", "load average"),
        *("Envoy", "Python", "grpcio", "protobuf", "Mixer", "commit"),
    ]
    forms = {
        "cores": r"\d+",
        "memory": r"\d+\.\d GiB",
        "kernel": r"Linux \d.*",
        "load average": r"\d+\.\d\d",
        "Envoy": r"\d+\.\d+\.\d+ RELEASE",
        "Python": r"CPython 3\.\d+\.\d+.*",
        "commit": r"unknown|[0-9a-f]{40}(, with changes)?",
    }
    assert [name for name, form in forms.items() if not re.fullmatch(form, facts[name])] == []


def test_one_line_says_it_all():
    here = read_environment()
    assert here.line().startswith(f"Mixer {here.mixer}, Python {here.python}, grpcio ")


def test_a_policy_is_known_by_what_is_in_its_files(tmp_path):
    for folder in ("one", "same", "other"):
        (tmp_path / folder / "inner").mkdir(parents=True)
        (tmp_path / folder / "inner" / "rule.yaml").write_text("match: true")
    (tmp_path / "other" / "inner" / "rule.yaml").write_text("match: fals")
    requests = tmp_path / "requests.yaml"
    requests.write_text("- path: /")
    one, same, other = (digest(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same != other
    assert digest(tmp_path / "one", requests) != one
    assert len(one) == 12

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.run.pinning import Pinning, pinning


@pytest.mark.parametrize(
    ("cores", "wanted"),
    [
        ([0], Pinning(words="everything shares one core")),
        (
            [0, 1],
            Pinning(
                load=(1,),
                upstream=(1,),
                envoy=(0,),
                services=(0,),
                words="load and upstream on core 1; Envoy and Mixer share core 0",
            ),
        ),
        (
            [2, 4, 6],
            Pinning(
                load=(6,),
                upstream=(6,),
                envoy=(2,),
                services=(4,),
                words="load and upstream on core 6; Envoy on 2; Mixer on 4",
            ),
        ),
        (
            [5, 4, 3, 2, 1],
            Pinning(
                load=(2,),
                upstream=(3,),
                envoy=(1,),
                services=(4, 5),
                words="load on core 2; upstream on 3; Envoy on 1; Mixer on 4, 5",
            ),
        ),
    ],
)
def test_what_is_measured_comes_first_to_have_cores_of_its_own(cores, wanted):
    assert pinning(cores) == wanted


@pytest.mark.parametrize(("count", "is_idle"), [(1, False), (2, False), (3, False), (4, True)])
def test_the_generator_may_spin_only_on_a_core_of_its_own(count, is_idle):
    assert pinning(range(count)).has_idle_load_core is is_idle


def test_an_arm_may_start_on_all_the_cores_of_its_processes():
    assert pinning(range(4)).arm == (0, 3)


_THREADS = """
import threading, time
for _ in range(3):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("ready", flush=True)
time.sleep(60)
"""


def test_all_threads_of_a_process_go_to_its_core():
    core = min(os.sched_getaffinity(0))
    with subprocess.Popen([sys.executable, "-c", _THREADS], stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout.readline() == b"ready\n"
            Pinning(services=(core,), words="").pin({"mixer": child.pid})
            tasks = [int(task.name) for task in Path(f"/proc/{child.pid}/task").iterdir()]
            assert len(tasks) == 4
            assert [os.sched_getaffinity(task) for task in tasks] == [{core}] * 4
        finally:
            child.kill()

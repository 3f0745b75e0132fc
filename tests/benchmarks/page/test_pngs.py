import numpy as np
import pytest
from matplotlib.image import imread

from benchmarks.page import write_pngs
from benchmarks.page.palette import LIGHT
from tests.benchmarks.made_up import MadeUp, made_up_run


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    run = made_up_run(
        MadeUp(scenarios=("access",), has_sweeps=False, arms=("direct", "envoy", "lua"))
    )
    return write_pngs(run, tmp_path_factory.mktemp("pictures") / "new")


def test_there_is_a_picture_for_each_chart(pictures):
    assert [file.name for file in pictures] == [
        "curves-access.png",
        "added-access.png",
        "cpu-access.png",
    ]


def test_pictures_have_the_size_of_slides_and_show_the_arms(pictures):
    for file in pictures:
        picture = np.rint(imread(file) * 255).astype(int)
        assert picture.shape == (900, 1600, 4)
        assert tuple(picture[0, 0]) == (255, 255, 255, 255)
        color = [int(LIGHT["arm-1"][place : place + 2], 16) for place in (1, 3, 5)]
        paler = [round(255 - 0.4 * (255 - each)) for each in color]
        wanted = paler if file.name.startswith("cpu") else color
        near = np.abs(picture[:, :, :3] - wanted).max(axis=2) <= 2
        assert near.sum() > 100

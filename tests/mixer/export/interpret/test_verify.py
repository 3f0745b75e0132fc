"""What is refused before it is run. Envoy's filter says the same of the same programs."""

import re

import pytest

from mixer.export.interpret import Interpreter
from tests.mixer.export.refused_programs import REFUSED, TAKEN


@pytest.mark.parametrize(("program", "why"), REFUSED)
def test_a_program_that_is_wrong_in_itself_is_refused(program, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        Interpreter(program)


@pytest.mark.parametrize("program", TAKEN)
def test_what_is_never_reached_may_be_of_any_type(program):
    assert Interpreter(program).check({}, 0)["allowed"]

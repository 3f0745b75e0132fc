import re

from mixer.attribute.dictionary import GLOBAL_WORDS
from proxy_client.wasm.words import TABLE, render


def test_the_committed_table_is_what_would_be_generated_now():
    assert TABLE.read_text() == render()


def test_the_table_has_each_word_in_the_place_of_its_number():
    literals = re.findall(r'^    "(.*)",$', render(), re.MULTILINE)
    assert tuple(literal.replace('\\"', '"') for literal in literals) == GLOBAL_WORDS

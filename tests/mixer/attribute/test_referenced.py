"""References on the wire."""

from mixer.attribute.referenced import referenced_attributes

_READ = (
    ("source.name", None, True),  # global word 2
    ("request.headers", "x-id", False),  # global word 15, a word of no list
    ("context.proxy_version", None, False),  # global word 221, which release 1.1 does not know
)


def _decoded(global_word_count):
    message = referenced_attributes(_READ, global_word_count)
    matches = [(m.name, m.condition, m.map_key) for m in message.attribute_matches]
    return list(message.words), matches


def test_words_that_the_client_knows_go_out_as_global_indices():
    assert _decoded(221) == (
        ["x-id", "context.proxy_version"],
        [(2, 2, 0), (15, 1, -1), (-2, 1, 0)],
    )


def test_a_client_that_knows_no_words_gets_them_all():
    assert _decoded(0) == (
        ["source.name", "request.headers", "x-id", "context.proxy_version"],
        [(-1, 2, 0), (-2, 1, -3), (-4, 1, 0)],
    )


def test_a_key_that_is_the_empty_word_is_sent():
    message = referenced_attributes((("request.headers", "", True),), 222)
    assert ([*message.words], message.attribute_matches[0].map_key) == ([""], -1)

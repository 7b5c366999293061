"""From a chain of causes to the article: by which one, by whose order."""

from services.audit.trail.ground import Ground, article_in, ground_of

ISSUED = {
    "articles": [
        {"article": "1", "text": {"en": "Reorganised."}, "measures": []},
        {"article": "2", "text": {"en": "Abolished and merged."}, "measures": ["m-1", "m-2"]},
        {"article": "3", "text": {"en": "Reported."}, "measures": []},
    ]
}


def test_the_nearest_event_that_names_a_decree_decides() -> None:
    chain = [{"mission": "emb-va"}, {"decree": "298-2025", "measure": "m-1"}, {"decree": "192-2025"}]

    assert ground_of(chain) == Ground("298-2025", "m-1", None)


def test_measure_and_article_are_those_of_that_decree() -> None:
    chain = [{"decree": "298-2025"}, {"decree": "192-2025", "measure": "m-9", "article": "1"}]
    further = [*chain, {"decree": "298-2025", "measure": "m-2", "article": "2"}]

    assert ground_of(chain) == Ground("298-2025", None, None)
    assert ground_of(further) == Ground("298-2025", "m-2", "2")


def test_a_chain_that_names_no_decree_has_no_ground() -> None:
    assert ground_of([{"mission": "emb-va", "article": "2"}, {}]) is None


def test_the_article_is_that_of_the_measures_row() -> None:
    found = article_in(ISSUED, Ground("298-2025", "m-1", None), "2")

    assert found == {"article": "2", "text": {"en": "Abolished and merged."}}


def test_without_its_row_the_decree_tells_the_article_of_a_measure() -> None:
    assert article_in(ISSUED, Ground("298-2025", "m-2", None), None) == {
        "article": "2",
        "text": {"en": "Abolished and merged."},
    }


def test_without_a_measure_it_is_the_one_that_the_chain_names() -> None:
    found = article_in(ISSUED, Ground("298-2025", None, "3"), None)

    assert found is not None and found["article"] == "3"


def test_nothing_is_made_up() -> None:
    assert article_in(ISSUED, Ground("298-2025", None, None), None) is None
    assert article_in(ISSUED, Ground("298-2025", "m-9", "9"), None) is None
    assert article_in({}, Ground("298-2025", "m-1", "2"), "2") is None

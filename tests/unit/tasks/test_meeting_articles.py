"""Tasks of a decision belong to articles that the decree has."""

from datetime import date

import pytest

from services.tasks.application import Tasks
from services.tasks.decree import Decree, NoSuchArticle
from services.tasks.reactions import RegistryReactions
from shared.contracts import tasks as said
from shared.contracts.registry import Article, DecreeAmended
from shared.contracts.text import Text
from tests.unit.tasks.given import (
    ISSUED,
    NOW,
    OFFICE,
    MemoryStore,
    by,
    received,
)
from tests.unit.tasks.met import call, store, tasks, wanted

__all__ = ["store", "tasks"]


def amended(**changes: object) -> DecreeAmended:
    return DecreeAmended.model_validate({"by": "300-2025", "on": date(2025, 5, 5), **changes})


async def test_tasks_of_a_decision_are_of_the_articles_that_the_decree_has_now(
    store: MemoryStore, tasks: Tasks
) -> None:
    # Given a decree of two articles, of which an amendment drops one and adds another,
    one, two, three = (Article(article=key, text=Text(en=key)) for key in ("1", "2", "3"))
    issued = ISSUED.model_copy(update={"articles": (one, two)})
    store.run(lambda turn: turn.get(Decree, "9-2025").note(issued, NOW))
    await tasks.meetings.call(by(OFFICE), "m9", call(decree="9-2025"))
    await tasks.meetings.hold(by(OFFICE), "m9", None, ())

    async def decide(article: str) -> None:
        await tasks.meetings.decide(by(OFFICE), "m9", Text(en="So"), None, [wanted(article=article)])

    await decide("2")
    for _ in range(2):
        command = RegistryReactions().react(received(amended(added=(three,), dropped=("2",)), "9-2025"))
        assert command is not None
        store.run(command.decide)
    assert [event.articles for event in store.said(said.DecreeArticlesNoted)] == [("1", "3")]
    # when decisions want tasks of either, then the one that is gone is refused.
    await decide("3")
    with pytest.raises(NoSuchArticle):
        await decide("2")


async def test_a_decree_whose_articles_were_never_told_refuses_none(store: MemoryStore, tasks: Tasks) -> None:
    noted = store.said(said.DecreeNoted)[0].model_copy(update={"decree": "8-2025", "articles": None})
    store.run(lambda turn: turn.get(Decree, "8-2025").record(noted, NOW))
    store.run(lambda turn: turn.get(Decree, "8-2025").note_amendment(amended(dropped=("2",)), NOW))
    store.run(lambda turn: turn.get(Decree, "8-2025").must_have_article("2"))
    assert store.said(said.DecreeArticlesNoted) == []


async def test_a_meeting_about_no_decree_speaks_of_no_article(tasks: Tasks) -> None:
    await tasks.meetings.call(by(OFFICE), "m2", call(decree=None))
    await tasks.meetings.hold(by(OFFICE), "m2", None, ())
    with pytest.raises(NoSuchArticle):
        await tasks.meetings.decide(by(OFFICE), "m2", Text(en="So"), None, [wanted(article="1")])

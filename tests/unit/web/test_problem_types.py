"""A problem type says one thing: whoever reads it can act on it, whichever service answered."""

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import deploy
import services
import shared
from shared.domain.refusal import Refusal


def refusals(base: type[Refusal]) -> Iterator[type[Refusal]]:
    for narrower in base.__subclasses__():
        yield narrower
        yield from refusals(narrower)


def test_no_problem_type_has_two_titles_or_two_declarations() -> None:
    for package in (shared, services, deploy):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    titles: dict[str, set[str | None]] = defaultdict(set)
    declared: dict[str, set[str]] = defaultdict(set)
    for kind in refusals(Refusal):
        if not kind.__module__.startswith(("shared.", "services.", "deploy.")):
            continue
        titles[kind.slug].add(kind.title.en)
        if "slug" in vars(kind):
            declared[kind.slug].add(f"{kind.__module__}.{kind.__qualname__}")
    assert len(declared) > 200
    assert {slug: named for slug, named in titles.items() if len(named) > 1} == {}
    assert {slug: classes for slug, classes in declared.items() if len(classes) > 1} == {}

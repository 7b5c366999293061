"""Whoever reads Arabic reads nothing of a problem in English but names, codes and values that were sent.

What is only known once it is refused is watched in every test, by `only_arabic_in_arabic` in `conftest.py`.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import get_args

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core.core_schema import ErrorType

import deploy
import services
import shared
from shared.contracts.text import Text, WrongValue
from shared.domain.refusal import Refusal
from shared.domain.wrong_values import ARABIC, OURS, told_of, told_wrong
from tests.arabic import english_in

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("shared", "services", "deploy") for path in (ROOT / folder).rglob("*.py")
)
ARABIC_LETTERS = re.compile("[\u0621-\u064a]")
LETTER = re.compile("[A-Za-z\u0621-\u064a]")
PLACEHOLDER = re.compile(r"\{\w+\}")

NEVER_READ = {
    # of functions, dataclasses and other objects of Python, which no request is
    *("arguments_type", "missing_argument", "unexpected_keyword_argument", "missing_keyword_only_argument"),
    *("unexpected_positional_argument", "missing_positional_only_argument", "multiple_argument_values"),
    *(
        "dataclass_type",
        "dataclass_exact_type",
        "named_tuple_type",
        "no_such_attribute",
        "get_attribute_error",
    ),
    *(
        "frozen_field",
        "frozen_instance",
        "needs_python_object",
        "default_factory_not_called",
        "callable_type",
    ),
    *(
        "is_instance_of",
        "is_subclass_of",
        "iterable_type",
        "iteration_error",
        "mapping_type",
        "recursion_loop",
    ),
    *("invalid_key", "set_item_not_hashable", "missing_sentinel_error", "ellipsis_error", "assertion_error"),
    *("frozen_dict_type", "ordered_dict_type", "counter_type", "deque_type", "string_not_ascii"),
    # of types that no request has
    *("bytes_type", "bytes_too_short", "bytes_too_long", "bytes_invalid_encoding", "json_type"),
    *("complex_type", "complex_str_parsing", "fraction_type", "fraction_parsing"),
    *("time_type", "time_parsing", "time_delta_type", "time_delta_parsing", "timezone_offset"),
    *("date_past", "date_future", "datetime_past", "datetime_future"),
}
BESIDE = {"json_invalid", OURS}
"""Told by a problem of its own, and by whoever raised it."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("القرار 298-2025 حالته in-force", []),
        ("المعرّف 'not an id' ليس صحيحًا", []),
        ("الإجراء: there is no article 5", ["there is no article", "there", "is", "no"][:1]),
        ("المادة article 5 is 3", ["is"]),
    ],
)
def test_a_sentence_is_told_from_names(text: str, found: list[str]) -> None:
    assert english_in(text)[: len(found) or None] == found


def literals() -> Iterator[tuple[str, str]]:
    """Every Arabic text in the code, with what stands between its placeholders.

    One that begins in English goes on in Arabic: a text in both languages.
    """
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        inner = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            match node:
                case ast.JoinedStr(values=parts):
                    text = "…".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
                case ast.Constant(value=str(text)) if id(node) not in inner:
                    pass
                case _:
                    continue
            first = LETTER.search(PLACEHOLDER.sub("", text))
            if first is not None and ARABIC_LETTERS.match(first[0]):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def test_no_arabic_text_of_the_code_holds_an_english_sentence() -> None:
    texts = list(literals())
    assert len(texts) > 1000
    assert {place: found for place, text in texts if (found := english_in(PLACEHOLDER.sub("…", text)))} == {}


def every(base: type[Refusal]) -> Iterator[type[Refusal]]:
    for narrower in base.__subclasses__():
        yield narrower
        yield from every(narrower)


def kinds() -> list[type[Refusal]]:
    for package in (shared, services, deploy):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    return [
        kind for kind in every(Refusal) if kind.__module__.startswith(("shared.", "services.", "deploy."))
    ]


def test_every_type_of_problem_is_told_in_arabic() -> None:
    told = [(kind.slug, text) for kind in kinds() for text in (kind.title, kind.detail) if text is not None]
    assert [
        slug for slug, text in told if not ARABIC_LETTERS.search((text.ar or "").replace("{reason}", "س"))
    ] == []


def prose(node: ast.expr) -> bool:
    """Whether an expression gives a sentence: two words of letters in a literal of it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Text", "told_of"):
        return False
    text = "…".join(
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    return bool(english_in(text))


def test_no_fact_that_arabic_tells_is_an_english_sentence() -> None:
    """Facts that are words must be a `Text`, or come as one of each language."""
    told = {
        kind.__name__: set(re.findall(r"\{(\w+)", (kind.detail or kind.title).ar or "")) for kind in kinds()
    }
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {fact.arg}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for fact in node.keywords
        if fact.arg in told.get(getattr(node.func, "attr", getattr(node.func, "id", "")), ())
        and prose(fact.value)
    ]
    assert found == []


READERS = ("shared/contracts", "shared/calendar", "shared/dossier", "services")
OF_STORES = {
    "shared/contracts/meta.py": "reads what is stored",
    "shared/contracts/sealed.py": "reads what is stored",
    "shared/calendar/deadline.py": "computes with calendars that were read",
    "services/audit/trail/asked.py": "reads a cursor, which has a problem of its own",
}


def test_whatever_reads_values_says_what_is_wrong_in_both_languages() -> None:
    bare = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if str(path.relative_to(ROOT)).startswith(READERS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("ValueError", "PydanticCustomError")
    }
    assert bare == set(OF_STORES)


def test_every_error_that_a_request_can_have_is_told_in_arabic() -> None:
    assert set(get_args(ErrorType)) - NEVER_READ - BESIDE - set(ARABIC) == set()
    assert NEVER_READ & set(ARABIC) == set()
    assert {kind: found for kind, text in ARABIC.items() if (found := english_in(text))} == {}


class Paper(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Text
    sheets: list[Text] = []


def test_what_a_check_of_ours_says_is_told_as_it_says_it_also_inside_lists() -> None:
    with pytest.raises(ValidationError) as refused:
        Paper.model_validate({"name": {}, "sheets": [{"en": "a"}, {}]})
    found = refused.value.errors()
    assert [error["loc"] for error in found] == [("name",), ("sheets", 1)]
    said = Text(en="a text needs Arabic or English", ar="يلزم النص بالعربية أو الإنجليزية")
    assert [told_wrong(error) for error in found] == [said, said]
    assert told_of(refused.value) == said
    assert told_of(WrongValue(en="so", ar="هكذا")) == Text(en="so", ar="هكذا")


def test_possible_values_are_listed_in_the_readers_language() -> None:
    found = {"type": "enum", "msg": "Input should be 'a', 'b' or 'c'", "ctx": {"expected": "'a', 'b' or 'c'"}}
    assert told_wrong(found).ar == "القيمة ليست من القيم الممكنة: 'a', 'b' أو 'c'"


def test_what_has_no_words_of_its_own_is_told_without_english() -> None:
    assert english_in(told_wrong({"type": OURS, "msg": "Value error, day is out of range"}).ar or "") == []
    assert english_in(told_of(ValueError("day is out of range")).ar or "") == []

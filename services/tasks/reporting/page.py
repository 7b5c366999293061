"""A report as a page: one self-contained HTML document, made from its JSON. What is told is escaped here."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from services.tasks.reporting.style import POLICY, STYLE
from shared.contracts.text import Text

Told = Mapping[str, Any]

WORDS = {
    "as_of": Text(
        en="As of position {position} of {service}, {moment}",
        ar="حتى الموضع {position} من سجل {service}، {moment}",
    ),
    "since": Text(
        en="Compared with position {position} of {service}, {moment}",
        ar="مقارنة بالموضع {position} من سجل {service}، {moment}",
    ),
    "effective": Text(en="In law and fact at {moment}", ar="قانونًا وواقعًا في {moment}"),
    "digest": Text(en="SHA-256 of the JSON: {sha256}", ar="بصمة SHA-256 للنسخة JSON: {sha256}"),
    "links": Text(
        en="Each figure links to the list that it counts, as of that position.",
        ar="كل رقم يحيل إلى القائمة التي يعدّها كما كانت عند ذلك الموضع.",
    ),
    "unchanged": Text(
        en="Where nothing is said of before, a figure is what it was.",
        ar="ما لم يُذكر سابقه من الأرقام لم يتغير.",
    ),
    "before": Text(en="before: {value}", ar="سابقًا: {value}"),
}


def page(report: Told, sha256: str, language: str) -> str:
    """Render a report, read from its JSON, in ``ar`` or ``en``."""
    return "\n".join(_Page(language).render(report, sha256))


class _Page:
    def __init__(self, language: str) -> None:
        self._language = language
        self._direction = "rtl" if language == "ar" else "ltr"

    def render(self, report: Told, sha256: str) -> Iterator[str]:
        title = self._text(report["title"])
        yield "<!doctype html>"
        yield f'<html lang="{self._language}" dir="{self._direction}">'
        yield '<head><meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{title}</title>"
        yield f"<style>{STYLE}</style></head>"
        yield f"<body><header><h1>{title}</h1>"
        yield from self._basis(report, sha256)
        yield "</header><main>"
        for section in report["sections"]:
            yield from self._section(section)
        yield "</main></body></html>"

    def _basis(self, report: Told, sha256: str) -> Iterator[str]:
        for name in ("as_of", "since"):
            for service, place in (report[name] or {}).items():
                moment = place["recorded_at"] or "—"
                yield self._line(name, service=service, position=place["position"], moment=moment)
        yield self._line("effective", moment=report["effective_at"])
        yield self._line("digest", sha256=sha256)
        yield self._line("links")
        if report["since"] is not None:
            yield self._line("unchanged")

    def _line(self, name: str, **facts: object) -> str:
        words = escape(WORDS[name].in_language(self._language))
        return f'<p class="basis">{words.format(**{key: _code(value) for key, value in facts.items()})}</p>'

    def _section(self, section: Told) -> Iterator[str]:
        key = escape(section["key"])
        yield f'<section id="{key}"><h2>{self._text(section["title"])}</h2>'
        for note in section["notes"]:
            yield f"<p>{self._text(note)}</p>"
        if section["figures"]:
            yield '<table class="figures"><tbody>'
            for figure in section["figures"]:
                label = self._text(figure["label"])
                yield f'<tr><th scope="row">{label}</th>{self._figure(figure)}</tr>'
            yield "</tbody></table>"
        for table in section["tables"]:
            yield from self._table(table)
        yield "</section>"

    def _table(self, table: Told) -> Iterator[str]:
        columns = "".join(f'<th scope="col">{self._text(column)}</th>' for column in table["columns"])
        yield f"<table><thead><tr>{columns}</tr></thead><tbody>"
        for row in table["rows"]:
            yield f"<tr>{''.join(self._cell(cell) for cell in row)}</tr>"
        yield "</tbody></table>"

    def _cell(self, cell: Told) -> str:
        if "figure" in cell:
            return self._figure(cell)
        text = _code(cell["text"]) if isinstance(cell["text"], str) else self._text(cell["text"])
        return f"<td>{_linked(text, cell['link']) if 'link' in cell else text}</td>"

    def _figure(self, figure: Told) -> str:
        kind = "figure" if figure["value"] else "figure zero"
        told = _linked(_code(figure["value"]), figure["link"])
        if figure.get("before", figure["value"]) != figure["value"]:
            words = escape(WORDS["before"].in_language(self._language))
            told += f' <span class="before">({words.format(value=_code(figure["before"]))})</span>'
        return f'<td class="{kind}">{told}</td>'

    def _text(self, told: Told) -> str:
        """A text in the page's language; one that there is only in the other says so to readers aloud."""
        text = Text.model_validate(told)
        words = escape(text.in_language(self._language))
        if told.get(self._language):
            return words
        other = "en" if self._language == "ar" else "ar"
        return f'<bdi lang="{other}">{words}</bdi>'


def _code(value: object) -> str:
    """A number, a date or a key: it keeps its own direction."""
    return f"<bdi>{escape(str(value))}</bdi>"


def _linked(told: str, link: str) -> str:
    return f'<a href="{escape(link)}">{told}</a>'

"""YAML from strangers: bounded in size and depth, without aliases, tags, or silent surprises."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode

from shared.contracts.text import Text

MAX_BYTES = 512 * 1024
MAX_DEPTH = 30


class UnreadableYaml(Exception):
    """The file cannot be read; `why` says why and, where known, in which line."""

    def __init__(self, en: str, ar: str) -> None:
        self.why = Text(en=en, ar=ar)
        super().__init__(en)


class _Loader(yaml.SafeLoader):
    """The safe loader, stricter: no aliases, bounded depth, NO is Norway and no boolean, keys stand once."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (the library's own class attribute, by its own name)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def get_event(self) -> Any:
        """Take the parser's next event, and refuse it before anything is built of it."""
        event: Any = super().get_event()  # type: ignore[no-untyped-call]  # typed in part only
        if isinstance(event, yaml.AliasEvent):
            line, line_ar = _line(event.start_mark)
            raise UnreadableYaml(
                en=f"it has an alias (*){line}: write it out", ar=f"فيه إحالة (*){line_ar}: اكتبها كاملة"
            )
        if isinstance(event, yaml.CollectionStartEvent):
            self._depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            self._depth -= 1
        if self._depth > MAX_DEPTH:
            line, line_ar = _line(event.start_mark)
            raise UnreadableYaml(
                en=f"it is nested deeper than {MAX_DEPTH}{line}",
                ar=f"تداخله أعمق من {MAX_DEPTH}{line_ar}",
            )
        return event

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | date):
                raise ConstructorError(None, None, "a key is not a plain word", key_node.start_mark)
            if key in seen:
                raise ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _bool(_loader: _Loader, node: yaml.ScalarNode) -> bool:
    return bool(node.value == "true")


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:bool", _bool)


def read_yaml(path: Path) -> Any:
    """Read one document.

    Raises:
        UnreadableYaml: missing, too large, not UTF-8, broken, nested too deeply, or with aliases.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableYaml(en=f"it cannot be opened: {error.strerror}", ar="تعذّر فتحه") from error
    if len(raw) > MAX_BYTES:
        size = MAX_BYTES // 1024
        raise UnreadableYaml(en=f"it is larger than {size} kB", ar=f"حجمه يتجاوز {size} كيلوبايت")
    return parse_yaml(raw)


def parse_yaml(raw: bytes) -> Any:
    """Read one document from bytes; raises as `read_yaml` does."""
    try:
        text = raw.decode()
        return yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        told = f"it is not UTF-8 at byte {error.start}"
        raise UnreadableYaml(en=told, ar=f"ليس بترميز UTF-8 عند البايت {error.start}") from error
    except yaml.MarkedYAMLError as error:
        line, line_ar = _line(error.problem_mark)
        raise UnreadableYaml(en=f"{error.problem}{line}", ar=f"ليس YAML صحيحًا{line_ar}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableYaml(en=str(error), ar="ليس YAML صحيحًا") from error


def _line(mark: Any) -> tuple[str, str]:
    return ("", "") if mark is None else (f" in line {mark.line + 1}", f" في السطر {mark.line + 1}")

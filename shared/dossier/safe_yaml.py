"""YAML from strangers: bounded in size and depth, without aliases, tags, or silent surprises."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode

MAX_BYTES = 512 * 1024
MAX_DEPTH = 30


class UnreadableYaml(Exception):
    """The file cannot be read; the message says why and, where known, in which line."""


class _Loader(yaml.SafeLoader):
    """The safe loader, stricter: only true and false are booleans (NO is Norway), keys stand once."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (the library's own class attribute, by its own name)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for index, key in enumerate(keys):
            if not isinstance(key, str | int | date):
                raise ConstructorError(
                    None, None, "a key is not a plain word", node.value[index][0].start_mark
                )
            if key in keys[:index]:
                raise ConstructorError(
                    None, None, f"the key {key!r} stands twice", node.value[index][0].start_mark
                )
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
        raise UnreadableYaml(f"it cannot be opened: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableYaml(f"it is larger than {MAX_BYTES // 1024} kB")
    return parse_yaml(raw)


def parse_yaml(raw: bytes) -> Any:
    """Read one document from bytes; raises as `read_yaml` does."""
    try:
        text = raw.decode()
        _check_structure(text)
        return yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        raise UnreadableYaml(f"it is not UTF-8 at byte {error.start}") from error
    except yaml.MarkedYAMLError as error:
        raise UnreadableYaml(f"{error.problem}{_line(error.problem_mark)}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableYaml(str(error)) from error


def _line(mark: Any) -> str:
    return "" if mark is None else f" in line {mark.line + 1}"


def _check_structure(text: str) -> None:
    """Look at the parser's events, which need no recursion, before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableYaml(f"it has an alias (*){_line(event.start_mark)}: write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise UnreadableYaml(f"it is nested deeper than {MAX_DEPTH}{_line(event.start_mark)}")

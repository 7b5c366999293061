"""Files of a dossier are plain data, and a day is a day or `unknown`, in YAML and in JSON."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.dossier import read_folder
from shared.dossier.form import DecreeForm
from shared.dossier.safe_yaml import MAX_BYTES, MAX_DEPTH, UnreadableYaml, parse_yaml, read_yaml
from tests.unit.registry.dossiers import EXAMPLE


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"a: &x [1]\nb: *x\n", "alias (*) in line 2"),
        (b"a: &a [b]\n" + b"".join(b"x%d: [*a, *a]\n" % n for n in range(9)), "alias"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested deeper"),
        (b"[" * 100_000, "nested deeper"),
        (b"\xff\xfe\xff", "not UTF-8"),
        (b"a: !!python/object/apply:os.system [true]", "could not determine a constructor"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"? [a, b]\n: c\n", "not a plain word"),
        (b"a: \x07", "special characters"),
    ],
)
def test_yaml_that_is_not_plain_data_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(UnreadableYaml, match=r".*") as refused:
        parse_yaml(raw)
    assert why in str(refused.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * MAX_BYTES)
    with pytest.raises(UnreadableYaml, match="larger than"):
        read_yaml(large)


@pytest.mark.parametrize("word", ["NO", "no", "on", "yes", "Y"])
def test_norway_is_not_false(word: str) -> None:
    assert parse_yaml(f"host: {word}".encode()) == {"host": word}
    assert parse_yaml(b"a: true\nb: false") == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("said", "read"),
    [('"2025-04-29"', date(2025, 4, 29)), ('"unknown"', None), ("null", None)],
)
def test_a_day_that_may_be_unknown_is_read_from_json(said: str, read: date | None) -> None:
    assert signed_on(said) == read


@pytest.mark.parametrize(
    "said", ["5", '"5"', '"2025-02-30"', '"2025-04-29T00:00:00"', "true", '"1899-12-31"']
)
def test_what_is_no_day_is_refused_from_json(said: str) -> None:
    with pytest.raises(ValidationError):
        signed_on(said)


def signed_on(said: str) -> date | None:
    decree = read_folder(EXAMPLE).dossier.decree.model_dump_json()
    assert '"signed_on":null' in decree
    changed = decree.replace('"signed_on":null', f'"signed_on":{said}')
    return DecreeForm.model_validate_json(changed, strict=True).signed_on

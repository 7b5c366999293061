"""Alerts and dashboard ask Prometheus in its own language, for metrics and labels of the reference."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml

ROOT = Path(__file__).parents[2]
OBSERVABILITY = ROOT / "deploy" / "observability"
REFERENCE = (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8")

TARGET = {"job", "instance"}
"""What Prometheus adds to every metric."""
PARTS = {"bucket": {"le"}, "sum": set(), "count": set()}
"""What a histogram is shown as, each with a label of its own."""
KEEPS_ALL = ("topk", "bottomk")
COMPARES = ("==", "!=", ">", "<", ">=", "<=")


def metrics() -> dict[str, set[str]]:
    """The labels of every metric in the reference, and of what the Prometheus client and server make."""
    found: dict[str, set[str]] = {"up": set()}
    for name, kind, labels in re.findall(r"^\| `(tanfidh_\w+)` \| (\w+) \| ([^|]*)\|", REFERENCE, re.M):
        named = set(re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", labels)))
        if kind == "histogram":
            found |= {f"{name}_{part}": named | own for part, own in PARTS.items()}
        else:
            found[name] = named
    return found | {name: set() for name in re.findall(r"`((?:process|python)_\w+)`", REFERENCE)}


METRICS = metrics()


class Wrong(Exception):
    """An expression asks for what there is not."""


def labels_of(asked: Any) -> set[str] | None:
    """The labels that the answer to an expression has; None of a number. Raises Wrong."""
    match asked:
        case promql.NumberLiteral() | promql.StringLiteral():
            return None
        case promql.ParenExpr() | promql.UnaryExpr():
            return labels_of(asked.expr)
        case promql.MatrixSelector():
            return labels_of(asked.vector_selector)
        case promql.VectorSelector():
            return _selected(asked)
        case promql.Call():
            return _called(asked)
        case promql.AggregateExpr():
            return _added_up(asked)
        case promql.BinaryExpr():
            return _both(asked)
    raise Wrong(f"{type(asked).__name__} is not known to this test")


def _selected(asked: Any) -> set[str]:
    if asked.name not in METRICS:
        raise Wrong(f"there is no metric {asked.name}")
    there = METRICS[asked.name] | TARGET
    if unknown := {matcher.name for matcher in asked.matchers.matchers} - there:
        raise Wrong(f"{asked.name} has no label {unknown}")
    return there


def _called(asked: Any) -> set[str] | None:
    if asked.func.name == "absent":
        (selector,) = asked.args
        _selected(selector)
        return {matcher.name for matcher in selector.matchers.matchers if matcher.op == promql.MatchOp.Equal}
    vectors = [labels for labels in map(labels_of, asked.args) if labels is not None]
    if asked.func.name != "histogram_quantile":
        return vectors[0] if vectors else None
    if "le" not in vectors[0]:
        raise Wrong("a quantile needs the label le")
    return vectors[0] - {"le"}


def _added_up(asked: Any) -> set[str]:
    inner = labels_of(asked.expr)
    if inner is None:
        raise Wrong("a number cannot be added up")
    if asked.modifier is None:
        return inner if str(asked.op) in KEEPS_ALL else set()
    named = set(asked.modifier.labels)
    if named - inner:
        raise Wrong(f"nothing there has the label {named - inner}")
    return named if asked.modifier.type == promql.AggModifierType.By else inner - named


def _both(asked: Any) -> set[str] | None:
    left, right = labels_of(asked.lhs), labels_of(asked.rhs)
    if left is None or right is None:
        return right if left is None else left
    if str(asked.op) == "or":
        return left & right
    if left != right:
        raise Wrong(f"{left} and {right} never match")
    return left


def may_be_silent(asked: Any) -> bool:
    """Whether an expression has no answer while all is well: it compares, or asks for what is missing."""
    match asked:
        case promql.ParenExpr():
            return may_be_silent(asked.expr)
        case promql.BinaryExpr() if str(asked.op) == "or":
            return may_be_silent(asked.lhs) and may_be_silent(asked.rhs)
        case promql.BinaryExpr():
            return str(asked.op) in COMPARES
        case promql.Call():
            return bool(asked.func.name == "absent")
    return False


def rules() -> list[Any]:
    told = yaml.safe_load((OBSERVABILITY / "alerts.yaml").read_text(encoding="utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


def drawn() -> Iterator[str]:
    """Every expression of the dashboard, with an interval where Grafana puts one."""

    def within(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("expr"), str):
                yield part["expr"].replace("$__rate_interval", "5m")
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                yield from within(inner)

    yield from within(json.loads((OBSERVABILITY / "dashboard.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_what_there_is_and_tells_only_what_it_knows(rule: Any) -> None:
    asked = promql.parse(rule["expr"])
    known = labels_of(asked)
    assert known is not None and may_be_silent(asked)
    told = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    assert told <= known
    if "for" in rule:
        assert promql.parse_duration(rule["for"]).total_seconds() > 0
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}


def test_the_dashboard_asks_for_what_there_is() -> None:
    asked = list(drawn())
    assert len(asked) > 40
    for expression in asked:
        labels_of(promql.parse(expression))


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("max by (job (tanfidh_failing) > 0", "parse"),
        ("tanfidh_never_heard_of > 0", "no metric"),
        ('tanfidh_failing{colour="red"} > 0', "no label"),
        ("max by (source) (tanfidh_failing) > 0", "nothing there has"),
        ("histogram_quantile(0.99, sum by (job) (rate(tanfidh_commit_seconds_bucket[5m]))) > 1", "label le"),
        ("rate(tanfidh_commit_seconds[5m]) > 1", "no metric"),
        ("sum by (job) (tanfidh_failing) / sum by (component) (tanfidh_failing) > 1", "never match"),
        ("rate(tanfidh_failing) > 1", "parse"),
    ],
)
def test_what_is_wrong_is_found(expression: str, why: str) -> None:
    with pytest.raises((Wrong, ValueError)) as found:
        labels_of(promql.parse(expression))
    assert (why == "parse") == isinstance(found.value, ValueError)
    assert why == "parse" or why in str(found.value)


def test_an_alert_that_always_fires_is_found() -> None:
    assert not may_be_silent(promql.parse("max by (job) (tanfidh_failing)"))
    assert not may_be_silent(promql.parse('absent(up{job="registry"}) or up'))
    assert may_be_silent(promql.parse('absent(up{job="registry"}) or up == 0'))

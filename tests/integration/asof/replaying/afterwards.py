"""Steps that follow those of the example's scenario: what happens nowhere in it, and what is told late."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from tests.integration.asof.replaying.afterwards_tasks import meetings, procedures, standing_still
from tests.integration.asof.replaying.steps import WHY, Step, step
from tests.product import DECREE, EXAMPLE

PDF = b"%PDF-1.7\nOn the studies"
"""The bytes of a document that is registered; they are stored before the scenario begins."""
ENDS = "2026-04-09 18:00"
SUBSCRIBED = "audit-bureau"


def write_longer(place: Path) -> Path:
    """Write the example's scenario with these steps behind its own; return the file."""
    told: dict[str, Any] = yaml.safe_load((EXAMPLE / "scenario.yaml").read_text(encoding="utf-8"))
    told |= {"dossier": str(EXAMPLE), "begins": _local(told["begins"]), "ends": ENDS}
    told["actors"]["protocol-head"] = {
        "role": "department",
        "subject": "protocol-head",
        "department": "protocol",
    }
    steps = (*_law(), *_people(), *_papers(), *procedures(), *meetings(), *standing_still())
    told["steps"] += [
        {"at": f"2026-04-0{2 + number // 20} {9 + number % 20 // 4:02d}:{number % 4 * 15:02d}", **one}
        for number, one in enumerate(steps)
    ]
    file = place / "scenario.yaml"
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    return file


def _local(at: Any) -> str:
    return str(at)[:16]


def _law() -> list[Step]:
    """Amendments, a repeal and holds, each entered later than it was so, and not in that order."""
    decree = "/registry/decrees"
    later = [
        {
            "decree": {
                "number": number,
                "year": 2026,
                "uri": f"/akn/ly/act/decree/2026/{number}",
                "title": WHY,
                "issuer": WHY,
                "announced_on": day,
                "signed_on": "unknown",
                "in_force_on": day,
                "articles": [{"article": "1", "text": WHY}],
            }
        }
        for number, day in ((99003, "2026-03-03"), (99004, "2026-03-12"))
    ]
    changes = {
        "changed": [{"article": "1", "text": {"en": "As of 12 March", "ar": "افتراضي"}}],
        "rows_changed": [{"measure": f"{DECREE}-a2-r20", "receiver": "emb-it"}],
    }
    adds = {
        "changed": [{"article": "1", "text": {"en": "As of 5 March", "ar": "افتراضي"}}],
        "added": [{"article": "1bis", "text": {"en": "As of 5 March", "ar": "افتراضي"}}],
        "rows_changed": [{"measure": f"{DECREE}-a2-r20", "receiver": "emb-za"}],
    }
    until = {"changed": [{"article": "1", "text": {"en": "As of 10 March", "ar": "افتراضي"}}]}
    held = {"by": "audit-bureau", "reason": WHY}
    return [
        *(step("POST /registry/imports", one) for one in later),
        step(f"POST {decree}/{DECREE}/amendments", {"by": "99004-2026", "on": "2026-03-12"} | changes),
        step(f"POST {decree}/{DECREE}/amendments", {"by": "99003-2026", "on": "2026-03-05"} | adds),
        step(f"POST {decree}/99001-2025/repeal", {"by": "99004-2026", "on": "2026-03-14"}),
        step(f"POST {decree}/99001-2025/amendments", {"by": "99003-2026", "on": "2026-03-10"} | until),
        step(
            f"POST {decree}/{DECREE}/holds",
            held | {"hold": "whole"},
            "audit-bureau",
            at="2026-03-20 10:00",
        ),
        step(
            f"POST {decree}/{DECREE}/holds",
            held | {"hold": "article", "article": "2"},
            "audit-bureau",
            at="2026-03-16 10:00",
        ),
        step(
            f"POST {decree}/{DECREE}/holds/whole/lift",
            {"reason": WHY, "met": []},
            "audit-bureau",
            at="2026-03-24 10:00",
        ),
        step(
            f"POST {decree}/{DECREE}/holds/article/lift",
            {"reason": WHY, "met": []},
            "audit-bureau",
            at="2026-03-29 10:00",
        ),
    ]


def _people() -> list[Step]:
    """Missions, postings and departments, by both clocks."""
    staff, departments = "/registry/staff/p-00000000ff", "/registry/departments"
    posted = {"category": "diplomat", "authority": "cabinet", "provenance": "fictitious"}
    between = {"since": "2026-03-01T00:00:00Z", "until": "2026-04-20T00:00:00Z", "reference": "MIN/2026/4"}
    delegations = f"{departments}/protocol/delegations/leave"
    head, signs = {"head": "consular-head-2", "reference": "MIN/2026/9"}, {"reference": "MIN/2026/10"}
    return [
        step("POST /registry/missions/emb-al/settle", {"reference": "AB/2026/1"}, at="2026-03-21 10:00"),
        step("POST /registry/missions/emb-al/archive", {"reference": "AB/2026/2"}, at="2026-03-23 10:00"),
        step(f"POST {staff}/post", posted | {"mission": "emb-it"}, at="2026-03-02 10:00"),
        step(
            f"POST {staff}/reassign",
            {"mission": "emb-za", "by": "cabinet", "reference": "CAB/2026/1"},
            "department:cabinet",
            at="2026-03-11 10:00",
        ),
        step(
            f"POST {staff}/recall",
            {"by": "cabinet", "reference": "CAB/2026/2"},
            "department:cabinet",
            at="2026-03-18 10:00",
        ),
        step(f"PUT {departments}/protocol/parent", {"parent": "follow-up-office"}),
        step(f"PUT {departments}/consular/acting-heads/leave", between | {"deputy": "consular-deputy"}),
        step(f"PUT {delegations}", between | {"deputy": "protocol-deputy"}, "protocol-head"),
        step(f"POST {delegations}/end", None, "protocol-head"),
        step(f"PUT {departments}/consular/head", head, at="2026-03-28 10:00"),
        step(f"PUT {departments}/consular/signs", signs | {"signs": ["receiving"]}, at="2026-03-26 10:00"),
        step(f"PUT {departments}/consular/signs", signs | {"signs": []}, at="2026-03-30 10:00"),
    ]


def _papers() -> list[Step]:
    """Documents with their letter numbers, and what is no longer wanted of the notifier."""
    document = {
        "document_kind": "letter",
        "title": WHY,
        "sender": {"en": "Audit Bureau", "ar": "ديوان المحاسبة"},
        "dated": "2026-03-01",
        "incoming": "{number}",
        "outgoing": "MFA/2026/{paper}",
        "sha256": sha256(PDF).hexdigest(),
        "decree": DECREE,
        "mission": "emb-al",
    }
    numbered = [{"paper": f"study-{n}", "number": f"AB/2026/{n}"} for n in (6, 61, 7)]
    withdrawn = {"reason": WHY, "reference": "MFA/2026/9"}
    interest = {"interest": {"types": ["registry.decree.*"], "decrees": []}}
    return [
        step("PUT /registry/documents/{paper}", document, each=numbered),
        step("POST /registry/documents/study-61/withdraw", withdrawn),
        step(f"POST /notifier/subscriptions/{SUBSCRIBED}/change", interest, "audit-bureau"),
        step("POST /notifier/subscriptions/consular/close", None, "department:consular"),
    ]

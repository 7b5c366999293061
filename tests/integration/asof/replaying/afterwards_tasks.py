"""What happens in tasks afterwards: newer versions, another meeting, work that stands still."""

import yaml

from shared.dossier.folder import read_folder
from tests.faults.ministry import closing_procedure
from tests.integration.asof.replaying.steps import WHY, Step, step
from tests.product import DECREE, EXAMPLE

DATED, DRAFT = f"{DECREE}-a2-r01", f"{DECREE}-a2-r03"
"""Plans: of a mission that gets its dates, and of one that has none."""


def procedures() -> list[Step]:
    """Newer versions of the procedure, the calendar and the ladder, and plans that follow them or do not."""
    folder = read_folder(EXAMPLE)
    assert folder.calendar is not None
    longer = dict(folder.calendar) | {"covers_to": "2026-12-31", "label": "2026"}
    del longer["name"]
    procedure = closing_procedure(folder)
    procedure = {**{name: value for name, value in procedure.items() if name != "template"}, "label": "2"}
    procedure["tasks"] = [
        task | {"title": WHY, "window": "-160"} if task["number"] == 2 else task
        for task in procedure["tasks"]
    ]
    reason = {"reason": "Made up"}
    dates = {"public_on": "2026-07-01", "official_on": "2026-08-01"}
    calendar, grounds = "/tasks/calendars/ly", reason | {"reference": "CAB/2026/11"}
    holiday = grounds | {"name": WHY}
    steps = [{"key": "lead", "title": WHY, "to": "lead", "after": 1}]
    holds = f"/registry/decrees/{DECREE}/holds"
    held = {"hold": "early", "by": "audit-bureau", "reason": WHY, "measure": DATED}
    ladder = {"label": "2026", "title": WHY, "acknowledged_for": 2, "steps": steps}
    dated = yaml.safe_load((EXAMPLE / "dossier.yaml").read_text(encoding="utf-8"))
    rows = next(article["rows"] for article in dated["decree"]["articles"] if article["article"] == "2")
    return [
        step(f"PUT /registry/missions/{rows[0]['mission']}/dates", dates, at="2026-03-30 10:00"),
        # A hold of before there were dates, entered when there are: what was not set was not suspended.
        step(f"POST {holds}", held, "audit-bureau", at="2026-03-29 12:00"),
        step(f"POST {holds}/early/lift", {"reason": WHY, "met": []}, "audit-bureau", at="2026-03-30 12:00"),
        step(f"POST /tasks/plans/{DATED}/approve"),
        step(
            f"POST /tasks/plans/{DATED}/replan",
            reason | {"move": [{"task": f"{DATED}-t09", "window": "-39"}]},
        ),
        step("POST /tasks/templates/closing", procedure),
        step(f"POST /tasks/plans/{DRAFT}/versions/2/apply", reason),
        step(f"POST {calendar}", longer),
        step(f"POST {calendar}/holidays", holiday | {"day": "2026-06-23"}),
        step(f"POST {calendar}/apply", {"version": 3, "plan": DATED}),
        step(f"POST {calendar}/holidays", holiday | {"day": "2026-07-15"}),
        step(f"POST {calendar}/holidays/2026-07-15/move", grounds | {"to": "2026-07-16"}),
        step(f"POST {calendar}/holidays/2026-06-23/revoke", grounds),
        step(f"POST /tasks/escalation-policies/{DECREE}", ladder),
    ]


def meetings() -> list[Step]:
    """A meeting that follows the first one, one that is given up, and an indicator that is."""
    meeting = {
        "decree": DECREE,
        "title": WHY,
        "at": "2026-04-05T10:00:00+02:00",
        "calendar": "ly",
        "chair": {"role": "acting-foreign-minister", "subject": "acting-minister-1"},
        "invited": [{"department": "protocol"}],
        "agenda": [],
        "follows": "follow-up-2025-05-05",
    }
    agenda = {"agenda": [{"key": "rest", "text": WHY}]}
    indicator = {
        "indicator": "given-up",
        "decree": DECREE,
        "mission": "emb-it",
        "objective": "consular-services",
        "name": WHY,
        "unit": WHY,
        "direction": "up",
        "baseline": 1,
        "target": 2,
        "target_on": "2026-12-31",
        "calendar": "ly",
    }
    second = "/tasks/meetings/follow-up-2026"
    moved = {"at": "2026-04-02T10:00:00+02:00", "reason": "Made up"}
    return [
        step("POST /tasks/meetings", meeting | {"meeting": "follow-up-2026"}),
        step("POST /tasks/meetings", meeting | {"meeting": "given-up", "follows": "follow-up-2026"}),
        step(f"PUT {second}/agenda", agenda),
        step(f"POST {second}/postpone", moved),
        step("POST /tasks/meetings/given-up/cancel", {"reason": "Made up"}),
        step("POST /tasks/indicators", indicator),
        step("POST /tasks/indicators/given-up/withdraw", {"reason": "Made up"}),
    ]


def standing_still() -> list[Step]:
    """What is said about tasks, and what keeps them."""
    task = f"/tasks/tasks/{DATED}-t01"
    said = [{"said": said} for said in ("first", "second", "third")]
    return [
        step(f"POST {task}/comments", {"text": "The {said} word"}, each=said),
        step(f"POST {task}/assign", {"assignee": "legal-1"}),
        step(f"POST {task}/start", None, "department:legal"),
        step(f"POST {task}/block", {"reason": "Made up"}, "department:legal"),
        step(f"POST {task}/unblock", None, "department:legal"),
        step(
            f"POST /tasks/tasks/{DATED}-t09/extensions",
            {"until": "2026-07-09", "reason": "Made up"},
            "department:protocol",
        ),
    ]

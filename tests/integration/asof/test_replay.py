"""Everything that was answered at some position is answered again, byte for byte, when asked as of it."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from shared.contracts.meta import rfc3339
from shared.web.cursors import cursor_to
from tests.integration.asof.conftest import Office
from tests.product import DECREE

SEED = 298
KINDS = ("assign", "start", "attach", "attach", "assign", "start", "cancel", "dates", "hold", "lift", "staff")
LISTS = {
    "/registry/decrees": "id",
    "/registry/measures": "id",
    "/registry/missions": "id",
    "/registry/staff": "id",
    "/registry/departments": "id",
    "/tasks/tasks": "task",
    "/tasks/plans": "plan",
    "/tasks/templates": "template",
    "/tasks/calendars": "name",
}
FILTERED = (
    "/registry/measures?state=ordered",
    "/registry/measures?state=blocked&decree=298-2025",
    "/registry/missions?state=closing",
    "/registry/missions?receiver=emb-it",
    "/registry/staff?state=posted",
    "/registry/staff?mission=emb-va",
    "/tasks/tasks?state=assigned",
    "/tasks/tasks?mission=emb-va",
    "/tasks/tasks?department=legal&state=planned",
    "/tasks/plans?mission=emb-va",
)
COUNTS = ("/registry/counts/decrees", "/tasks/counts/decrees", "/tasks/counts/departments")
DECLARED = (
    "/tasks/templates/closing/versions",
    "/tasks/templates/closing/versions/1",
    "/tasks/calendars/ly/versions/1",
    "/tasks/late?on=2025-06-01",
    "/tasks/counts/late",
)

Answers = dict[str, tuple[int, str | None, bytes]]
"""By path: status, ETag and body."""


@dataclass
class Remembered:
    """What was answered while the logs stood at these positions."""

    positions: dict[str, int]
    answers: Answers = field(default_factory=dict)


async def everything(office: Office, as_of: dict[str, int] | None = None, also: Any = ()) -> Answers:
    """Ask every list to its end, and every item that it names."""
    answers: Answers = {}

    async def ask(path: str) -> Any:
        join = "&" if "?" in path else "?"
        past = "" if as_of is None else f"{join}as_of={as_of[path.split('/')[1]]}"
        answer = await office.get(path + past)
        if as_of is not None and answer.status_code == 200:
            assert answer.headers["tanfidh-position"] == str(as_of[path.split("/")[1]])
        answers[path] = (answer.status_code, answer.headers.get("etag"), answer.content)
        return answer

    for path in (*LISTS, *FILTERED):
        following: str | None = path + ("&" if "?" in path else "?") + "limit=200"
        number = 0
        ids = []
        while following is not None:
            past = "" if as_of is None or "as_of" in following else f"&as_of={as_of[path.split('/')[1]]}"
            answer = await office.get(following + past)
            assert answer.status_code == 200, answer.text
            answers[f"{path} {number}"] = (200, None, answer.content)
            ids += [row[LISTS[path]] for row in answer.json()["items"]] if path in LISTS else []
            link = answer.links.get("next")
            following = None if link is None else path.partition("?")[0] + link["url"]
            number += 1
        for id in ids:
            answer = await ask(f"{path}/{id}")
            assert answer.status_code == 200
            if path == "/registry/missions":
                await ask(f"{path}/{id}/closing-conditions")
            if path == "/tasks/plans":
                await ask(f"{path}/{id}/critical-path?on=2025-06-01")
            if path == "/tasks/tasks" and id.endswith(("-t05", "-t38")):
                await ask(f"{path}/{id}/blocked-by")
    for path in (*COUNTS, *DECLARED, *(path for path in also if path not in answers and " " not in path)):
        await ask(path)
    return answers


async def remember(office: Office) -> Remembered:
    """Read everything while nothing moves: when a deadline passed meanwhile, it is read again."""
    while True:
        await office.caught_up()
        found = Remembered(await positions_of(office), await everything(office))
        if await positions_of(office) == found.positions:
            return found


async def positions_of(office: Office) -> dict[str, int]:
    return {s: (await office.get(f"/{s}/overview")).json()["position"] for s in ("registry", "tasks")}


class Chance:
    """Random commands, most of which are possible."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.random = random.Random(SEED)
        self.taken: set[str] = set()
        self.holds = 0

    async def act(self, tasks: list[str], missions: list[str], staff: list[str]) -> None:
        draw = self.random
        task, mission = f"/tasks/tasks/{draw.choice(tasks)}", draw.choice(missions)
        kind = draw.choice(KINDS)
        match kind:
            case "assign":
                answer = await self.office.command(
                    f"{task}/assign", {"assignee": f"officer-{draw.randrange(9)}"}
                )
            case "start":
                answer = await self.office.command(f"{task}/start")
            case "cancel":
                answer = await self.office.command(f"{task}/cancel", {"reason": "No longer needed"})
            case "attach":
                paper = {
                    "document": "Letter",
                    "sha256": f"{draw.getrandbits(256):064x}",
                    "letter_number": "L-1",
                }
                answer = await self.office.command(f"{task}/attach", {"evidence": [paper]})
            case "dates":
                day = draw.randrange(1, 28)
                dates = {"public_on": f"2025-11-{day:02d}", "official_on": f"2025-12-{day:02d}"}
                answer = await self.office.command(f"/registry/missions/{mission}/dates", dates, "PUT")
            case "hold":
                self.holds += 1
                held = {"hold": f"hold-{self.holds}", "by": "legal", "reason": {"en": "Studies first"}}
                by = {"role": "controller", "department": "legal"}
                answer = await self.office.command(f"/registry/decrees/{DECREE}/holds", held, **by)
            case "lift":
                path = f"/registry/decrees/{DECREE}/holds/hold-{self.holds}/lift"
                answer = await self.office.command(path, {"reason": {"en": "Studied"}})
            case _:
                path = f"/registry/staff/{draw.choice(staff)}/recall"
                by = {"role": "department", "department": "cabinet"}
                answer = await self.office.command(path, {"by": "cabinet", "reference": "D-1"}, **by)
        if answer.is_success:
            self.taken.add(kind)
        assert answer.status_code < 500, answer.text


async def names(office: Office, path: str, key: str) -> list[str]:
    return [row[key] for row in (await office.get(f"{path}?limit=200")).json()["items"]]


async def test_what_was_answered_then_is_answered_as_of_then(office: Office) -> None:
    empty = await remember(office)
    await office.import_example()
    remembered = [empty, await remember(office)]
    every_task = await names(office, "/tasks/tasks", "task")
    tasks = [task for task in every_task if task.endswith(("-t01", "-t02", "-t16"))]
    missions = await names(office, "/registry/missions", "id")
    staff = await names(office, "/registry/staff", "id")
    chance = Chance(office)
    for _ in range(2):
        for _ in range(150):
            await chance.act(tasks, missions, staff)
        remembered.append(await remember(office))
    assert chance.taken >= {"assign", "cancel", "attach", "dates", "hold", "lift", "staff"}
    changed = [
        sum(before.answers.get(path) != answer for path, answer in after.answers.items())
        for before, after in pairwise(remembered)
    ]
    assert min(changed) > 50

    known = {path for then in remembered for path in then.answers}
    for then in remembered:
        found = await everything(office, then.positions, known)
        differing = [path for path, answer in then.answers.items() if found[path] != answer]
        assert differing == []
        later = {path for path in found if path not in then.answers}
        assert {found[path][0] for path in later} <= {404}


async def test_moments_between_two_events_are_told_apart(office: Office) -> None:
    await office.done(
        "/registry/imports/departments", {"departments": [{"key": "d1", "name": {"en": "One"}}]}
    )
    await office.done(
        "/registry/imports/departments", {"departments": [{"key": "d2", "name": {"en": "Two"}}]}
    )
    await office.caught_up()
    told = {
        key: (await office.get(f"/registry/streams/department/{key}")).json()["items"][0]
        for key in ("d1", "d2")
    }
    first, second = (datetime.fromisoformat(told[key]["recorded_at"]) for key in ("d1", "d2"))
    before = rfc3339(second - timedelta(microseconds=1))
    for asked, keys in {
        told["d1"]["recorded_at"]: ["d1"],
        before: ["d1"],
        told["d2"]["recorded_at"]: ["d1", "d2"],
        second.date().isoformat(): ["d1", "d2"],
        (first.date() - timedelta(days=1)).isoformat(): [],
        "2999-01-01": ["d1", "d2"],
        "999999999": ["d1", "d2"],
        "0": [],
    }.items():
        answer = await office.get("/registry/departments", params={"as_of": asked})
        assert [row["id"] for row in answer.json()["items"]] == keys, asked
        assert answer.headers["tanfidh-position"] == str(told[keys[-1]]["position"] if keys else 0)
        assert answer.headers.get("tanfidh-as-of") == (told[keys[-1]]["recorded_at"] if keys else None)
    assert (await office.get(f"/registry/departments/d2?as_of={before}")).status_code == 404


async def test_a_past_list_does_not_shift_while_it_is_paged_and_written_to(office: Office) -> None:
    async def register(*numbers: int) -> None:
        forms = [{"key": f"d{number:03d}", "name": {"en": f"Department {number}"}} for number in numbers]
        await office.done("/registry/imports/departments", {"departments": forms})
        await office.caught_up()

    await register(*range(0, 40, 2))
    now = rfc3339(
        datetime.fromisoformat(
            (await office.get("/registry/departments?as_of=2999-01-01")).headers["tanfidh-as-of"]
        )
    )
    answer = await office.get("/registry/departments", params={"as_of": "2999-01-01", "limit": 3})
    seen = [row["id"] for row in answer.json()["items"]]
    for number in range(1, 40, 2):
        await register(number)
        if "next" not in answer.links:
            break
        answer = await office.get(f"/registry/departments{answer.links['next']['url']}")
        assert answer.headers["tanfidh-as-of"] == now
        seen += [row["id"] for row in answer.json()["items"]]
    assert seen == [f"d{number:03d}" for number in range(0, 40, 2)]


async def test_history_and_state_of_an_aggregate_as_of_any_of_its_versions(office: Office) -> None:
    await office.import_example()
    mission = "/registry/streams/mission/emb-va"
    await office.done(
        "/registry/missions/emb-va/dates", {"public_on": "2025-11-01", "official_on": "2025-12-01"}, "PUT"
    )
    await office.done(
        "/registry/missions/emb-va/dates", {"public_on": "2025-11-02", "official_on": "2025-12-02"}, "PUT"
    )
    history = (await office.get(mission)).json()["items"]
    assert [entry["version"] for entry in history] == list(range(1, len(history) + 1))
    states = []
    for entry in history:
        as_of = {"as_of": entry["position"]}
        assert (await office.get(mission, params=as_of)).json()["items"] == history[: entry["version"]]
        answer = await office.get(f"{mission}/state", params=as_of)
        told = answer.json()
        assert {name: told[name] for name in ("kind", "id", "version", "position", "as_of")} == {
            "kind": "mission",
            "id": "emb-va",
            "version": entry["version"],
            "position": entry["position"],
            "as_of": entry["recorded_at"],
        }
        assert answer.headers["etag"] == f'"{entry["version"]}"'
        states.append(told["state"])
        assert (
            await office.get(f"{mission}/state", params={"as_of": entry["recorded_at"]})
        ).status_code == 200
    assert states[-1]["dates"]["official_on"] == "2025-12-02"
    assert states[-2]["dates"]["official_on"] == "2025-12-01"
    assert states[0]["dates"] is None
    assert (await office.get(f"{mission}/state")).json()["state"] == states[-1]
    before = {"as_of": history[0]["position"] - 1}
    assert (await office.get(f"{mission}/state", params=before)).status_code == 404
    assert (await office.get(mission, params=before)).status_code == 404

    paged, following = [], f"{mission}?limit=2"
    while following:
        answer = await office.get(following)
        paged += answer.json()["items"]
        following = f"{mission}{answer.links['next']['url']}" if "next" in answer.links else ""
    assert paged == history
    for forged in ("x", "-1", "1.5", "1" * 19):
        cursor = cursor_to(forged, "registry /streams/mission/emb-va")
        answer = await office.get(mission, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "bad-cursor")

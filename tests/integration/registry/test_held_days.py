"""Holds by the day: what is told of a day on which one was in force, and holds of a decree that is over."""

from typing import Any

from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import HOLD, closable, imported, small

HOLDS, MISSION, LATER = "/decrees/298-2025/holds", "/missions/emb-va", "401-2025"
MET = {"reason": {"en": "Done"}, "met": [{"key": "financial", "evidence": ["7/2026"]}]}
LAW = {"by": LATER, "on": "2025-06-02"}


async def held(asked: Asked, since: str, until: str | None, hold: str = "ab-1") -> None:
    """A hold of the audit bureau, told long after it; `until` it was lifted."""
    placed = HOLD | {"hold": hold}
    steps: list[tuple[str, dict[str, Any], str | None]] = [(HOLDS, placed, since)]
    steps += [(f"{HOLDS}/{hold}/lift", MET, until)] if until else []
    for path, body, moment in steps:
        given = {"Tanfidh_Effective_At": moment or ""}
        done = await asked.send("POST", path, body, role="controller", **given)
        assert done.status_code == 200, done.text


async def a_later_decree(asked: Asked) -> None:
    later = small(401, "emb-va", None)
    later["decree"]["articles"][0]["rows"] = []
    later["decree"] |= {"announced_on": "2025-06-01", "in_force_on": "2025-06-01"}
    assert (await asked.send("POST", "/imports", later)).status_code == 200


async def test_no_step_of_a_closing_is_told_of_a_day_on_which_it_was_held(asked: Asked) -> None:
    await imported(asked)
    await held(asked, "2025-09-10", "2025-10-10")
    within = {"Tanfidh_Effective_At": "2025-09-14"}
    dates, said = {"public_on": "2025-11-01", "official_on": "2025-11-30"}, {"reference": "7/2025"}
    steps = [("PUT", "dates", dates), ("POST", "announce", said), ("POST", "stop-services", said)]
    for method, step, body in steps:
        refused = await asked.send(method, f"{MISSION}/{step}", body, **within)
        assert (refused.status_code, refused.json()["holds"]) == (409, "ab-1"), refused.text
        lifted = {"Tanfidh_Effective_At": "2025-10-10"}
        assert (await asked.send(method, f"{MISSION}/{step}", body, **lifted)).status_code == 200
    await closable(asked)
    # Everything holds now; of that day the hold was in force, and of a day after it people were still posted.
    refused = await asked.send("POST", f"{MISSION}/close", **within)
    assert refused.status_code == 409, refused.text
    (unmet,) = refused.json()["unmet"]
    assert unmet["condition"] == 1 and "ab-1" in unmet["missing"][0]["en"]
    late = await asked.send("POST", f"{MISSION}/close", Tanfidh_Effective_At="2025-12-02")
    assert late.status_code == 422 and late.json()["type"].endswith("/closing-before-its-conditions")
    assert "5 (" in late.json()["conditions"] and "12 (" in late.json()["conditions"]
    assert (await asked.send("POST", f"{MISSION}/close")).status_code == 200


async def test_a_hold_on_a_decree_that_was_repealed_is_lifted_and_a_late_one_entered(asked: Asked) -> None:
    await imported(asked)
    await a_later_decree(asked)
    await held(asked, "2025-05-20", None)
    repealed = await asked.send("POST", "/decrees/298-2025/repeal", LAW | {"despite": ["ab-1"]})
    assert repealed.status_code == 200, repealed.text
    fulfil = f"{HOLDS}/ab-1/conditions/financial/fulfil"
    evidence = {"evidence": ["8/2026"]}
    assert (await asked.send("POST", fulfil, evidence, role="controller")).status_code == 200
    assert (await asked.send("POST", f"{HOLDS}/ab-1/lift", MET, role="controller")).status_code == 200
    now = await asked.send("POST", HOLDS, HOLD | {"hold": "ab-2"}, role="controller")
    assert now.status_code == 409 and now.json()["type"].endswith("/decree-not-in-force")
    await held(asked, "2025-05-25", "2025-05-28", "ab-2")
    decree = (await asked.get("/decrees/298-2025")).json()
    assert (decree["state"], decree["holds"]) == ("repealed", [])
    then = (await asked.get("/decrees/298-2025?effective_at=2025-05-26")).json()
    assert (then["state"], [one["hold"] for one in then["holds"]]) == ("held", ["ab-1", "ab-2"])
    again = await asked.send("POST", "/decrees/298-2025/repeal", LAW | {"on": "2025-06-01"})
    assert again.status_code == 409 and again.json()["type"].endswith("/decree-already-ended")


async def test_a_closing_that_a_repeal_calls_off_is_so_as_of_its_day(asked: Asked) -> None:
    await imported(asked)
    await a_later_decree(asked)
    assert (await asked.send("POST", "/decrees/298-2025/repeal", LAW)).status_code == 200
    for day, state in (("2025-06-01", "closing"), ("2025-06-02", "open")):
        mission = (await asked.get(f"{MISSION}?effective_at={day}")).json()
        assert mission["state"] == state, day

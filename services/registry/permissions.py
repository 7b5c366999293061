"""Who may do what in the registry."""

from shared.domain.permission import Permissions

_OFFICE = ("admin", "follow-up-office")
_COMPETENT = (*_OFFICE, "department:own")
_PERSONNEL = ("admin", "department:own")

PERMISSIONS = Permissions(
    {
        "dossier.import": _OFFICE,
        "decree.hold": ("controller",),
        # Of controllers the one who placed the hold; the decree knows who did.
        "decree.resume": ("admin", "controller"),
        "decree.execute": _OFFICE,
        "measure.order": _OFFICE,
        "measure.identify": _OFFICE,
        "measure.execute": _OFFICE,
        "mission.set-dates": _OFFICE,
        "mission.close": _OFFICE,
        # The department concerned is the authority that is competent for the person's category.
        "staff.post": _COMPETENT,
        "staff.reassign": _COMPETENT,
        "staff.recall": _COMPETENT,
        "staff.separate": _COMPETENT,
        # Who follows up a decree needs no birthdays: personal data is the competent authority's alone.
        "staff.record-person": _PERSONNEL,
        "staff.read-person": _PERSONNEL,
        "staff.erase": _PERSONNEL,
    }
)

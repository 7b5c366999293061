"""Who may do what in the registry."""

from shared.domain.permission import Permissions

_OFFICE = ("admin", "follow-up-office")
_COMPETENT = (*_OFFICE, "department:own")
_PERSONNEL = ("admin", "department:own")

PERMISSIONS = Permissions(
    {
        "dossier.import": _OFFICE,
        "decree.amend": _OFFICE,
        "decree.repeal": _OFFICE,
        "decree.hold": ("controller",),
        "decree.fulfil-condition": (*_OFFICE, "controller"),
        # Of controllers the one who placed the hold; the decree knows who did.
        "decree.waive-condition": ("controller",),
        # Of controllers the one who placed the hold; the decree knows who did.
        "decree.resume": ("admin", "controller"),
        "decree.execute": _OFFICE,
        "decree.report": _OFFICE,
        # Never whoever reported: the decree knows who did.
        "decree.approve-report": ("issuer", "controller"),
        "decree.remove-from-control": ("issuer", "controller"),
        "measure.order": _OFFICE,
        "measure.identify": _OFFICE,
        "measure.assess": _OFFICE,
        "measure.execute": _OFFICE,
        "mission.set-dates": _OFFICE,
        "mission.announce": _OFFICE,
        "mission.stop-services": (*_OFFICE, "head-of-mission"),
        "mission.close": _OFFICE,
        # Whoever waives answers for it; the event tells who.
        "mission.waive-condition": ("issuer",),
        "mission.settle": _OFFICE,
        "mission.archive": _OFFICE,
        "handover.enter": (*_OFFICE, "department", "head-of-mission"),
        # Three distinct people; the handover knows who signed.
        "handover.sign-outgoing": ("head-of-mission",),
        "handover.sign-receiving": ("head-of-mission", "department"),
        "handover.sign-inspection": ("controller", "auditor", "department"),
        # The department concerned is the authority that is competent for the person's category.
        "staff.post": _COMPETENT,
        "staff.reassign": _COMPETENT,
        "staff.recall": _COMPETENT,
        "staff.separate": _COMPETENT,
        "staff.extend": _COMPETENT,
        # Who follows up a decree needs no birthdays: personal data is the competent authority's alone.
        "staff.record-person": _PERSONNEL,
        "staff.read-person": _PERSONNEL,
        "staff.erase": _PERSONNEL,
    }
)

"""Who may do what in the registry."""

from services.registry.department import Department
from shared.domain.permission import Permissions
from shared.service.permitting import Permitting

_OFFICE = ("admin", "follow-up-office")
_COMPETENT = (*_OFFICE, "department:own")
_EVERYBODY = (*_OFFICE, "department", "head-of-mission", "issuer", "controller", "auditor")
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
        "mission.stop-services": (*_OFFICE, "mission:own"),
        "mission.close": _OFFICE,
        # Whoever waives answers for it; the event tells who.
        "mission.waive-condition": ("issuer",),
        "mission.settle": _OFFICE,
        "mission.archive": _OFFICE,
        "handover.enter": (*_OFFICE, "department", "mission:own"),
        # Whoever may enter a destruction must not be able to let it happen: holds are oversight's to release.
        "handover.release-archive": ("controller", "auditor"),
        # Three distinct people; the handover knows who signed. The mission concerned is the one that closes,
        # and of whoever receives the receiver. Of departments, whatever the role, those that declare it.
        "handover.sign-outgoing": ("mission:own",),
        "handover.sign-receiving": ("mission:own", "department"),
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
        # Bytes record nothing: whose they are is said by the command that names them.
        "document.upload": _EVERYBODY,
        "document.download": _EVERYBODY,
        "document.register": (*_OFFICE, "department", "head-of-mission", "controller"),
        "document.withdraw": _OFFICE,
        "department.place": _OFFICE,
        # Not of the department itself: nobody gives themselves the right to sign.
        "department.declare-signing": _OFFICE,
        "department.appoint-head": _OFFICE,
        "department.name-acting-head": _OFFICE,
        # Of all of these the head of the department alone; the department knows who that is.
        "department.delegate": (*_OFFICE, "issuer", "controller", "auditor", "department:own", "mission:own"),
        # Besides the head who delegated and the deputy, who need not be asked for here.
        "department.end-delegation": _OFFICE,
    }
)

PERMITS = Permitting(PERMISSIONS, lambda turn, id: turn.get(Department, id).leadership)
"""The same, with the delegations that are in force."""

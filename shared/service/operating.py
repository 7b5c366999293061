"""Who may operate a service: look at what it could not take in, mend it, and rebuild what it shows."""

from shared.domain.permission import Permissions

_OFFICE = ("admin", "follow-up-office")

PERMISSIONS = Permissions(
    {
        "parked.read": (*_OFFICE, "controller", "auditor"),
        "parked.retry": _OFFICE,
        # What is skipped never takes effect here, so that oversight finds who decided it, and why.
        "parked.skip": _OFFICE,
        "view.rebuild": ("admin",),
    }
)

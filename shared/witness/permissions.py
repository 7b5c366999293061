"""Who may do what about a witness: oversight, and nobody who runs the services."""

from shared.domain.permission import Permissions

PERMISSIONS = Permissions({"loss.acknowledge": ("auditor", "controller")})

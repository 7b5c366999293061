"""Tokens of local mode, signed with the key of its data folder."""

from datetime import timedelta

from deploy.local.secrets import Secrets
from shared.domain.clock import system_clock
from shared.web.signing import LIFETIME, issue_token


def local_token(
    secrets: Secrets,
    role: str,
    subject: str,
    department: str | None = None,
    ttl: timedelta = LIFETIME,
    *,
    mission: str | None = None,
    on_behalf_of: str | None = None,
) -> str:
    """Issue a token that the services on this data folder accept."""
    return issue_token(
        secrets.token_key(),
        subject,
        role,
        department,
        ttl,
        now=system_clock(),
        mission=mission,
        on_behalf_of=on_behalf_of,
    )

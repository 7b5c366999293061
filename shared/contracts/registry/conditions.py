"""The numbers of the closing conditions, which the gates of a procedure name."""

CLOSING_CONDITIONS = tuple(range(1, 13))
"""A mission closes only if all of these hold; what each says is the registry's to tell."""

HOST_NOTIFIED = 2
"""The condition that the host State was notified of both dates and has acknowledged them."""

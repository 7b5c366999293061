"""Who decides on whom: the competent authority of each category of staff."""

from services.registry.organisation.organisation import MINISTRY, Organisation

__all__ = ["MINISTRY", "Organisation"]

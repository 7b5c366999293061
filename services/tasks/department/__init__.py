"""What this service knows of a department."""

from services.tasks.department.department import Department

__all__ = ["Department"]

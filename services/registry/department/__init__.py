"""Departments of the ministry, and the authorities outside it that decide or take part."""

from services.registry.department.department import Department

__all__ = ["Department"]

"""Procedures, working calendars, plans and tasks."""

"""Parking: an event that cannot be taken in waits aside, and its stream behind it; the rest flows."""

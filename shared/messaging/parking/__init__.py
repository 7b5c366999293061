"""Parking: an event that cannot be taken in waits aside, with those of its stream behind it; the rest flows."""

"""Audit: the trail of everything across services, and the witness of their logs."""

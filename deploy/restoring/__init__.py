"""Bringing stores, streams, consumers and inboxes back in step after a restore from a backup."""

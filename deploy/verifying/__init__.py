"""Verifying stored logs from outside: from the rows alone, with keys that are not taken from the database."""

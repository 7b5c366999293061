"""The published language: every event of every service, and the envelope in which it travels."""

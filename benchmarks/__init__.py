"""Measured speed, always beside a ceiling measured in the same run: ``make bench``."""

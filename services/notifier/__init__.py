"""Notifier: tells those who have subscribed what happened, and proves that it did."""

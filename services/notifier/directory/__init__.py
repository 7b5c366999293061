"""The directory: all open subscriptions with their interests, in one aggregate."""

from services.notifier.directory.directory import MOST_OPEN, OPEN, Directory, Listing

__all__ = ["MOST_OPEN", "OPEN", "Directory", "Listing"]

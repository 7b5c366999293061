"""The directory: all open subscriptions with their interests, in one aggregate."""

from services.notifier.directory.directory import OPEN, Directory, Listing
from services.notifier.directory.limits import Holder

__all__ = ["OPEN", "Directory", "Holder", "Listing"]

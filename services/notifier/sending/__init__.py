"""Sending: what is due goes out, by the log or by a webhook, and what came of it is recorded."""

from services.notifier.sending.dispatcher import Dispatcher
from services.notifier.sending.sender import Sender

__all__ = ["Dispatcher", "Sender"]

"""The composition root of notifier."""

from functools import partial

from fastapi import FastAPI

from services.notifier.aggregates import AGGREGATES
from services.notifier.answers import NotifierOverview
from services.notifier.application import Notifications, Subscriptions
from services.notifier.http import router
from services.notifier.inquiries import NotifierInquiries
from services.notifier.parked import NotifierParked
from services.notifier.reactions import Telling
from services.notifier.sending import Dispatcher, Sender
from services.notifier.sending.clearing import Clearing
from services.notifier.settings import NotifierSettings, read_master_key
from services.notifier.subscription.interest import SOURCES
from services.notifier.views import every_view
from shared.domain.clock import Time
from shared.messaging.finding import find_event
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME

SETTINGS = NotifierSettings


def build(settings: NotifierSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    sources = dict.fromkeys(("registry", "tasks", "audit"), Telling)
    assert sources.keys() == SOURCES, "what can be subscribed to is what comes in"
    frame = Frame("notifier", settings, every_view(), sources, time)
    key, private = read_master_key(settings.webhook_key), settings.webhook_private
    sender = Sender(frame.store, time, key, private)
    frame.sweep("subscriptions", Clearing(frame.store, frame.views).clear)

    gate = frame.gate("dispatcher")
    dispatcher = Dispatcher(frame.store, frame.views, time, sender.hand_over, settings.database_url, gate)
    sender.deliveries.waiting = lambda: dispatcher.waiting
    frame.measure(sender.deliveries)
    frame.elects(dispatcher.election)
    frame.run("sender", lambda nc: sender.run(partial(find_event, nc)), sender.at_rest)
    frame.run("dispatcher", lambda _: dispatcher.run(), dispatcher.at_rest)
    frame.check("dispatcher", dispatcher.check)
    frame.knows(*AGGREGATES, NotifierParked)
    frame.parks(NotifierParked)
    inquiries = NotifierInquiries(frame.store, frame.views)
    endpoints = router(Subscriptions(frame.store, key, private), Notifications(frame.store), inquiries)
    counts = inquiries.counts_by_decree
    return frame.app("Tanfidh notifier", endpoints, counts, overview=NotifierOverview)

"""Subscriptions: who wants to be told of which events, and how."""

from services.notifier.subscription.address import check_url
from services.notifier.subscription.interest import check_interest, fits, is_told
from services.notifier.subscription.subscription import Subscription, SubscriptionState
from services.notifier.subscription.terms import Terms

__all__ = ["Subscription", "SubscriptionState", "Terms", "check_interest", "check_url", "fits", "is_told"]

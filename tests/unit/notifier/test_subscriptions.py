"""Given a subscription, when something is asked of it, then it says so, or refuses."""

import re
from datetime import timedelta

import pytest

from services.notifier.secrets import MasterKey
from services.notifier.subscription import (
    Subscription,
    Terms,
    check_interest,
    check_url,
    fits,
    is_told,
    refusals,
)
from shared.contracts import notifier as contract
from shared.contracts.notifier import Channel, Interest
from shared.domain import NotFound
from tests.unit.notifier.given import NOON, NOW, OWNER, URL, kept, later, listed, opened, said

DEADLINES = Interest(types=("tasks.deadline.*",))


def test_one_that_is_opened_says_everything_but_its_secret() -> None:
    subscription = Subscription.blank("mine")
    subscription.open(OWNER.subject, Channel.WEBHOOK, DEADLINES, URL, Terms(), NOW)
    assert said(subscription) == [
        contract.SubscriptionOpened(
            subscription="mine",
            owner="officer-1",
            channel=Channel.WEBHOOK,
            interest=DEADLINES,
            url=URL,
            secret_number=1,
        )
    ]


def test_an_id_is_given_once() -> None:
    closed = opened()
    closed.close("officer-1", NOW)
    with pytest.raises(refusals.SubscriptionExists):
        closed.open(OWNER.subject, Channel.LOG, Interest(), None, Terms(), NOW)


@pytest.mark.parametrize(
    ("types", "refusal"),
    {
        ("registry.decree.issued",): None,
        ("registry.*", "tasks.deadline.*", "audit.witness.inconsistency-found"): None,
        ("audit.*",): None,
        ("registry.decree.isued",): refusals.UnknownEventType,
        ("registry.decree.issued", "tasks.dead.*"): refusals.UnknownEventType,
        ("registry.*.issued",): refusals.UnknownEventType,
        ("*",): refusals.UnknownEventType,
        (">",): refusals.UnknownEventType,
        ("",): refusals.UnknownEventType,
        ("registry.decree.issue*",): refusals.UnknownEventType,
        ("notifier.*",): refusals.WouldLoop,
        ("notifier.notification.parked",): refusals.WouldLoop,
        ("audit.witness.checkpoint-witnessed",): refusals.WouldLoop,
        ("registry.witness.checkpoint-witnessed",): refusals.WouldLoop,
    }.items(),
)
def test_types_are_those_that_are_declared(types: tuple[str, ...], refusal: type[Exception] | None) -> None:
    if refusal is None:
        check_interest(Interest(types=types), False)
        return
    with pytest.raises(refusal, match=re.escape(types[-1]) or None):
        check_interest(Interest(types=types), False)


def test_a_refusal_names_the_type() -> None:
    with pytest.raises(refusals.UnknownEventType, match=r"tasks\.dead\.\*"):
        check_interest(Interest(types=("tasks.dead.*",)), False)
    with pytest.raises(refusals.TooManyValues, match="decrees has 101 values"):
        check_interest(Interest(decrees=tuple(map(str, range(101)))), False)


@pytest.mark.parametrize(
    ("interest", "is_wanted"),
    [
        (Interest(), True),
        (Interest(types=("tasks.deadline.missed",)), True),
        (Interest(types=("tasks.deadline.*",)), True),
        (Interest(types=("tasks.*", "registry.decree.issued")), True),
        (Interest(types=("tasks.deadline.met", "tasks.task.*")), False),
        (Interest(types=("tasks.dead.*",)), False),
        (Interest(decrees=("298-2025", "1-2024")), True),
        (Interest(decrees=("1-2024",)), False),
        (Interest(missions=("emb-va",), departments=("legal",)), True),
        (Interest(missions=("emb-va",), departments=("archives",)), False),
        (Interest(types=("tasks.deadline.*",), missions=("emb-it",)), False),
    ],
)
def test_an_event_fits_every_list_that_is_not_empty(interest: Interest, is_wanted: bool) -> None:
    keys = {"decree": "298-2025", "mission": "emb-va", "department": "legal"}
    assert fits(interest, "tasks.deadline.missed", keys) is is_wanted


def test_an_event_without_a_key_fits_no_list_of_it() -> None:
    assert not fits(Interest(missions=("emb-va",)), "registry.decree.issued", {"decree": "298-2025"})


def test_witnessing_and_telling_are_never_told_of() -> None:
    assert is_told("tasks.deadline.missed")
    assert is_told("audit.witness.inconsistency-found")
    told = ("audit.witness.checkpoint-witnessed", "registry.witness.checkpoint-witnessed", "notifier.x.y")
    assert not any(map(is_told, told))


@pytest.mark.parametrize(
    ("url", "public", "private"),
    [
        ("https://receiver.example/hooks", True, True),
        ("https://receiver.example", True, True),
        ("https://receiver.example:8443/a%20b", True, True),
        ("https://1.1.1.1/x", True, True),
        ("https://[2606:4700::1111]/x", True, True),
        ("https://receiver.example:9999/", False, True),
        ("http://receiver.example/", False, True),
        ("http://127.0.0.1:8080/", False, True),
        ("https://127.0.0.1/x", False, True),
        ("https://[::1]/x", False, True),
        ("https://2130706433/x", False, True),
        ("https://0x7f.1/x", False, True),
        ("https://10.0.0.7/x", False, True),
        ("https://0177.0.0.1/x", False, True),
        ("https://169.254.169.254/x", False, False),
        ("https://2852039166/x", False, False),
        ("https://[::ffff:1.1.1.1]/x", False, False),
        ("https://[fe80::1]/x", False, False),
        ("https://0.0.0.0/x", False, False),
        ("https://0x7f.receiver.example/x", True, True),
        ("https://16843009/x", True, True),
        ("https://receiver.example:0/", False, False),
        ("https://receiver.example:99999/", False, False),
        ("https://receiver.example:443x/", False, False),
        ("https://user:password@receiver.example/", False, False),
        ("https://@receiver.example/", False, False),
        ("https://receiver.example/?token=secret", False, False),
        ("https://receiver.example/#part", False, False),
        ("https://receiver.example/?", False, False),
        ("ftp://receiver.example/", False, False),
        ("file:///etc/passwd", False, False),
        ("//receiver.example/", False, False),
        ("receiver.example", False, False),
        ("https:///path", False, False),
        ("https://", False, False),
        ("https://*/", False, False),
        ("https://-a.example/", False, False),
        ("https://a..example/", False, False),
        ("https://receiver.example /", False, False),
        ("https://receiver.example\\@127.0.0.1/", False, False),
        ("https://receiver.example/\r\nX: y", False, False),
        ("https://receiver.example/\x00", False, False),
        ("https://مثال.example/", False, False),
        ("https://[::1%25eth0]/", False, False),
        (f"https://receiver.example/{'a' * 1000}", False, False),
        ("", False, False),
    ],
)
def test_an_address_is_one_that_a_webhook_may_go_to(url: str, public: bool, private: bool) -> None:
    for allowed, is_private in ((public, False), (private, True)):
        if allowed:
            check_url(url, is_private)
            continue
        with pytest.raises(refusals.UnusableAddress) as refused:
            check_url(url, is_private)
        assert "receiver.example" not in str(refused.value), "what is refused is not repeated"


def test_only_a_webhook_has_an_address() -> None:
    for channel, url, refusal in (
        (Channel.WEBHOOK, None, refusals.AddressNeeded),
        (Channel.LOG, URL, refusals.NoAddressAllowed),
    ):
        with pytest.raises(refusal):
            Subscription.blank("mine").open("o", channel, DEADLINES, url, Terms(), NOW)


def test_what_is_left_out_of_a_change_stays() -> None:
    subscription = opened(types=("registry.*",))
    assert subscription.change(DEADLINES, None, Terms(), NOW)
    assert subscription.change(None, URL + "/2", Terms(), NOW)
    assert [event.model_dump(include={"interest", "url"}) for event in said(subscription)] == [
        {"interest": DEADLINES.model_dump(), "url": URL},
        {"interest": DEADLINES.model_dump(), "url": URL + "/2"},
    ]
    assert not subscription.change(DEADLINES, None, Terms(), NOW)
    assert said(subscription) == []


def test_a_renewed_secret_is_one_of_two_for_a_day() -> None:
    subscription = opened()
    subscription.renew_secret(later(hours=1))
    assert subscription.secret_numbers(NOON + timedelta(hours=24)) == (2, 1)
    assert subscription.secret_numbers(NOON + timedelta(hours=25)) == (2,)
    with pytest.raises(refusals.NoSecret):
        opened("other", Channel.LOG).renew_secret(NOW)


def test_nothing_of_a_closed_one_changes() -> None:
    subscription = opened()
    subscription.close("officer-1", NOW)
    for asked in (
        lambda: subscription.change(DEADLINES, None, Terms(), NOW),
        lambda: subscription.renew_secret(NOW),
        lambda: subscription.close("officer-1", NOW),
    ):
        with pytest.raises(refusals.SubscriptionIsClosed):
            asked()
    with pytest.raises(NotFound):
        Subscription.blank("none").close("officer-1", NOW)


def test_a_closed_one_is_cleared_once() -> None:
    subscription = opened()
    subscription.clear(3, NOW)
    assert said(subscription) == []
    subscription.close("officer-1", NOW)
    kept(subscription)
    subscription.clear(3, NOW)
    subscription.clear(0, NOW)
    assert said(subscription) == [contract.SubscriptionCleared(subscription="mine", dropped=3)]


def test_the_directory_finds_whom_an_event_is_for() -> None:
    directory = listed(
        opened("a", types=("registry.*",)),
        opened("b", types=("tasks.*",)),
        opened("c", decrees=("298-2025",)),
    )
    keys = {"decree": "298-2025"}
    assert directory.fitting("registry.decree.issued", keys, NOON).keys() == {"a", "c"}
    directory.strike("a", NOW)
    directory.strike("a", NOW)
    assert directory.fitting("registry.decree.issued", keys, NOON).keys() == {"c"}
    assert [type(event) for event in said(directory)] == [contract.SubscriptionUnlisted]


@pytest.mark.parametrize(
    ("lead", "co_executors", "told"),
    [
        ("hr", (), {"hr", "any"}),
        ("legal", ("ict", "hr"), {"hr", "any"}),
        ("legal", ("ict",), {"any"}),
        (None, ("hr",), {"hr", "any"}),
    ],
)
def test_who_takes_part_is_told_as_the_lead_is(
    lead: str | None, co_executors: tuple[str, ...], told: set[str]
) -> None:
    directory = listed(
        opened("hr", types=("tasks.*",), departments=("hr", "archives")),
        opened("any", types=("tasks.*",)),
        opened("elsewhere", departments=("hr",), decrees=("1-2030",)),
    )
    keys = {"decree": "298-2025"} | ({"department": lead} if lead else {})
    assert directory.fitting("tasks.deadline.missed", keys, NOON, co_executors).keys() == told


def test_history_is_for_nobody() -> None:
    directory = listed(opened("a"))
    assert directory.fitting("registry.decree.issued", {}, NOON - timedelta(microseconds=1)) == {}
    directory.amend("a", DEADLINES, later(hours=1))
    assert directory.fitting("tasks.deadline.met", {}, NOON).keys() == {"a"}, "a change is no new beginning"


def test_an_interest_that_names_nothing_is_for_those_who_may() -> None:
    for terms in (Terms(), Terms(private=True)):
        with pytest.raises(refusals.NothingNamed, match="must name types"):
            Subscription.blank("mine").open("o", Channel.LOG, Interest(), None, terms, NOW)
        with pytest.raises(refusals.NothingNamed):
            opened(types=("registry.*",)).change(Interest(), None, terms, NOW)
    for name in ("decrees", "missions", "departments"):
        check_interest(Interest(**{name: ("one",)}), False)
    check_interest(Interest(), True)


def test_it_is_told_who_closed() -> None:
    subscription = opened()
    subscription.close("admin-1", NOW)
    assert said(subscription) == [contract.SubscriptionClosed(subscription="mine", by="admin-1")]


def test_a_secret_follows_from_the_key_and_from_everything_else() -> None:
    one = MasterKey(b"k" * 32)
    secret = one.secret("owner", "mine", 1)
    assert secret == one.secret("owner", "mine", 1)
    others = [
        one.secret("owner", "mine", 2),
        one.secret("owner", "yours", 1),
        one.secret("other", "mine", 1),
        MasterKey(b"l" * 32).secret("owner", "mine", 1),
    ]
    assert len({secret, *others}) == 5
    assert secret.startswith("whsec_")

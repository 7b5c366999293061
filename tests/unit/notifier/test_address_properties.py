"""Whatever is given as an address, it is taken or refused, and what is taken says no more than it shows."""

from contextlib import suppress
from urllib.parse import urlsplit

import httpcore
from hypothesis import example, given
from hypothesis import strategies as st

from services.notifier.subscription import check_url
from services.notifier.subscription.refusals import UnusableAddress

PARTS = st.sampled_from(
    (
        *("https://", "http://", "//", "a.example", "127.0.0.1", "[::1]", "[", "]", ":", "8443", "443"),
        *("@", "/", "?", "#", "%", "\\", "..", "*", ">", " ", "\r\n", "\0", "é", "a", "-", "'"),
    )
)


@given(st.lists(PARTS, max_size=12).map("".join) | st.text(max_size=50).map("https://".__add__))
@example("https://a.example:８443/")
@example("https://a.example:+443/")
@example("https://[v1.a]/")
def test_an_address_is_taken_or_refused(url: str) -> None:
    for private in (False, True):
        with suppress(UnusableAddress):
            check_url(url, private)
            parts, parsed = urlsplit(url), httpcore.URL(url)
            assert parsed.host.decode().strip("[]").lower() == parts.hostname, "both read the same host"
            assert (parsed.port, parsed.scheme.decode()) == (parts.port, parts.scheme)
            assert url.isascii() and url.isprintable() and " " not in url
            assert not any(mark in url for mark in "?#\\*><") and "@" not in parts.netloc

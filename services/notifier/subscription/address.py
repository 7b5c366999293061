"""What the address of a webhook may look like. Where a name leads to is checked when it is connected to."""

import re
from urllib.parse import SplitResult, urlsplit

from services.notifier.subscription import refusals
from services.notifier.subscription.reach import is_allowed, literal
from shared.domain import Text

LONGEST = 1000
PORTS = (443, 8443)
"""Ports of a receiver on the public network."""

_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/\[\]@!$&'()*+,;=%?#]+")
_HOST = re.compile(
    r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"
)

TOO_LONG = Text(en=f"it is longer than {LONGEST} characters", ar=f"أطول من {LONGEST} محرف")
NOT_A_URL = Text(en="it is no absolute URL in ASCII", ar="ليس عنوان URL مطلقًا بمحارف ASCII")
SCHEME = Text(en="its scheme must be https", ar="يجب أن يكون المخطط https")
USER = Text(en="it must hold no user name and no password", ar="يجب ألا يحتوي اسم مستخدم أو كلمة مرور")
QUERY = Text(
    en="it must have no query and no fragment: addresses are public, and a secret often stands there",
    ar="يجب ألا يحتوي استعلامًا أو جزءًا: العناوين علنية وكثيرًا ما يوضع السر هناك",
)
HOST = Text(en="its host is no name and no address", ar="المضيف ليس اسمًا ولا عنوانًا صالحًا")
NEVER_SENT = Text(
    en="its host is an address to which no webhook is ever sent",
    ar="المضيف عنوان لا يُرسل إليه أي إشعار أبدًا",
)
PORT = Text(
    en=f"its port must be one of {', '.join(map(str, PORTS))}",
    ar=f"يجب أن يكون المنفذ أحد {'، '.join(map(str, PORTS))}",
)


def check_url(url: str, private: bool) -> None:
    """Refuse an address to which no webhook may go.

    Args:
        url: where the webhook is to go.
        private: whether receivers on private networks are allowed; these may also speak plain http, on any
            port.
    """
    reason = _flaw(url, private)
    if reason is not None:
        raise refusals.UnusableAddress(reason=reason)


def _flaw(url: str, private: bool) -> Text | None:
    if len(url) > LONGEST:
        return TOO_LONG
    if _ALLOWED.fullmatch(url) is None:
        return NOT_A_URL
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return NOT_A_URL
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return SCHEME
    if "@" in parts.netloc:
        return USER
    if "?" in url or "#" in url:
        return QUERY
    return _flaw_of_place(parts, port, private)


def _flaw_of_place(parts: SplitResult, port: int | None, private: bool) -> Text | None:
    host = parts.hostname or ""
    if len(host) > 253 or _HOST.fullmatch(host) is None:
        return HOST
    address = literal(host)
    if address is not None and not is_allowed(address, private):
        return NEVER_SENT
    if port is not None and (port == 0 or not (private or port in PORTS)):
        return PORT
    return None

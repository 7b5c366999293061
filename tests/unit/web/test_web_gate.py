"""The gate: too much, malformed, or anything at all never becomes a fault or a silent disconnect."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.web.app import create_app
from shared.web.dispatch import Dispatch
from shared.web.limits import HEADERS_LIMIT, PATH_LIMIT
from shared.web.request import DEFAULT_LIMIT

KEY = {"Idempotency-Key": "k-1"}


class Exchange:
    """One request given straight to the application, as a server gives it."""

    def __init__(self, method, path, headers=(), chunks=(b"",), query=b"", raw_path=None):
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode("utf-8", "surrogateescape") if raw_path is None else raw_path,
            "root_path": "",
            "scheme": "http",
            "query_string": query,
            "headers": list(headers),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        self.chunks, self.read = chunks, 0
        self.status, self.headers, self.body = 0, {}, b""

    async def receive(self):
        chunk = self.chunks[self.read]
        self.read += 1
        return {"type": "http.request", "body": chunk, "more_body": self.read < len(self.chunks)}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = dict(message["headers"])
        else:
            self.body += message["body"]

    async def run(self, app):
        await app(self.scope, self.receive, self.send)
        return self


@pytest.fixture
def credentials(token):
    return [(b"authorization", b"Bearer " + token().encode()), (b"idempotency-key", b"k")]


async def test_an_announced_body_too_large_is_refused_unread(app, credentials):
    size = str(50_000_000).encode()
    headers = [*credentials, (b"content-length", size), (b"content-type", b"application/json")]
    exchange = await Exchange("POST", "/letters", headers, [b"x"]).run(app)
    assert (exchange.status, exchange.read) == (413, 0)
    assert json.loads(exchange.body)["limit"] == DEFAULT_LIMIT


async def test_an_unannounced_body_is_read_up_to_the_limit_only(app, credentials):
    chunks = [b"x" * 100_000] * 500
    headers = [*credentials, (b"content-type", b"application/json")]
    exchange = await Exchange("POST", "/letters", headers, chunks).run(app)
    assert (exchange.status, exchange.read) == (413, DEFAULT_LIMIT // 100_000 + 1)


async def test_an_endpoint_may_take_more(client):
    response = await client.post("/letters/import", content=b"x" * 4_000_000, headers=KEY)
    assert response.json() == {"bytes": 4_000_000}
    response = await client.post("/letters/import", content=b"x" * 5_000_001, headers=KEY)
    assert response.status_code == 413


@pytest.mark.parametrize("path", ["/letters/a\0b", "/letters/a\r\nb", "/letters/a\x7fb"])
async def test_control_characters_in_the_path_are_400(app, path):
    exchange = await Exchange("GET", path, raw_path=b"").run(app)
    assert exchange.status == 400
    assert json.loads(exchange.body)["type"].endswith("/bad-path")


@pytest.mark.parametrize("raw", [b"/letters/%ff", b"/letters/%00", b"/letters/%0d%0a", b"/letters/%ed%a0%80"])
async def test_escapes_that_are_no_text_are_400(app, raw):
    exchange = await Exchange("GET", "/letters/\ufffd", raw_path=raw).run(app)
    assert exchange.status == 400


@pytest.mark.parametrize("query", [b"cursor=%00", b"cursor=%ff", b"limit=1\xff"])
async def test_the_query_too(app, credentials, query):
    exchange = await Exchange("GET", "/letters", credentials, query=query).run(app)
    assert exchange.status == 400


async def test_a_path_of_70_kb_is_414_and_headers_of_70_kb_are_431(app):
    assert (await Exchange("GET", "/letters/" + "a" * 70_000).run(app)).status == 414
    assert (await Exchange("GET", "/letters", query=b"a" * (PATH_LIMIT + 1)).run(app)).status == 414
    swollen = [(b"x-a", b"a" * HEADERS_LIMIT)]
    assert (await Exchange("GET", "/letters", swollen).run(app)).status == 431


async def test_a_client_that_leaves_gets_no_answer_and_breaks_nothing(app, credentials):
    exchange = Exchange("POST", "/letters", [*credentials, (b"content-type", b"application/json")])

    async def gone():
        return {"type": "http.disconnect"}

    exchange.receive = gone
    assert (await exchange.run(app)).status == 0


async def test_head_answers_as_get_without_its_body(client, book):
    got, head = await client.get("/letters/5"), await client.head("/letters/5")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


names = st.sampled_from(
    [
        b"authorization",
        b"idempotency-key",
        b"if-match",
        b"tanfidh-effective-at",
        b"traceparent",
        b"content-type",
        b"content-length",
        b"accept-language",
    ]
) | st.binary(min_size=1, max_size=20)
pieces = st.text(max_size=20) | st.sampled_from(["5", "import", "*", "..", "a.b", "\0", "x" * 65, "\ud800"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"]),
    path=st.lists(pieces, max_size=4).map(lambda parts: "/letters/" + "/".join(parts))
    | st.text().map("/".__add__),
    headers=st.lists(st.tuples(names, st.binary(max_size=50)), max_size=6),
    body=st.lists(st.binary(max_size=200) | st.just(b'{"number": 5}'), min_size=1, max_size=3),
    query=st.binary(max_size=60),
    known=st.booleans(),
)
async def test_no_bytes_make_a_fault(app, credentials, method, path, headers, body, query, known):
    if path.startswith("/letters/broken"):
        return
    given_headers = [*headers, *(credentials if known else [])]
    raw = path.encode("utf-8", "surrogatepass")
    exchange = await Exchange(method, path, given_headers, body, query, raw).run(app)
    assert 200 <= exchange.status < 500
    if exchange.status >= 400:
        assert exchange.headers[b"content-type"] == b"application/problem+json"
        if method != "HEAD":
            assert json.loads(exchange.body)["status"] == exchange.status


def test_an_endpoint_that_would_run_in_a_thread_is_refused_at_start(app):
    @app.get("/letters/slow/way")
    def slow() -> dict[str, str]:
        return {}

    with pytest.raises(TypeError, match="async def"):
        app.build_middleware_stack()


def test_a_body_that_ignores_unknown_fields_is_refused_at_start(open_body_router, identity):
    app = create_app("open", "Open", [open_body_router], {}, identity)
    with pytest.raises(TypeError, match="Careless would ignore unknown fields"):
        app.build_middleware_stack()


def test_a_path_that_begins_with_a_parameter_is_refused_at_start(app):
    @app.get("/{anything}")
    async def anything(anything: str) -> dict[str, str]:
        return {}

    with pytest.raises(TypeError, match="begins with a parameter"):
        Dispatch(app.routes, app)

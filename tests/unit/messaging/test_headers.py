from hypothesis import example, given
from hypothesis import strategies as st
from nats.aio.client import Client

from shared.messaging.headers import parse_headers

PIECES = (
    b"\r\n",
    b": ",
    b":",
    b" ",
    b"\t",
    b"\x1c",
    b"\xc2\xa0",
    b"\xff",
    b"\n",
    b"\r",
    b"tf-log",
    b"\xd9\x82",
)


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)).map(b"".join))
@example(b"tf-log: 0198\r\nce-id:1\r\nce-id: 2\r\n\r\n")
@example(b"a b: c\r\n: d\r\n\xff: e\r\nno header\r\nf: \xff \r\n")
def test_headers_are_read_as_the_client_reads_them(lines: bytes) -> None:
    assert parse_headers(lines) == Client._parse_header_lines(lines)

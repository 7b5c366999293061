from hypothesis import example, given
from hypothesis import strategies as st
from nats.aio.client import Client

from shared.messaging.headers import LONGEST, _known, parse_headers

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
@example(b"a\x1cb: c\r\nd\ne: f\r\ng\rh: i\r\nj\x0bk: l\r\n\x1fm: n\r\n")
@example(b"a b: c\r\n: d\r\n\xff: e\r\nno header\r\nf: \xff \r\n")
def test_headers_are_read_as_the_client_reads_them(lines: bytes) -> None:
    assert parse_headers(lines) == Client._parse_header_lines(lines)


def test_a_name_of_any_length_is_read_and_only_short_ones_are_remembered() -> None:
    _known.cache_clear()
    longest, longer = "x" * LONGEST, "y" * (LONGEST + 1)
    assert parse_headers(f"{longest}: 1\r\n{longer}: 2\r\n".encode()) == {longest: "1", longer: "2"}
    assert _known.cache_info().currsize == 1

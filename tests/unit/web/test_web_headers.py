"""Header values: every reader takes what its format allows, and refuses the rest as a problem."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.refusal import Refusal
from shared.web import headers
from shared.web.refusals import BadHeader, OutOfRange

READERS = (
    headers.idempotency_key,
    headers.expected_version,
    headers.effective_moment,
    headers.trace_context,
)


@given(st.sampled_from(READERS), st.text() | st.from_regex(r'[0-9TZ:.+"*-]{1,40}', fullmatch=True))
def test_any_text_is_read_or_refused(reader, value):
    try:
        reader(value)
    except Refusal as refusal:
        assert refusal.status in (400, 422)


@given(st.integers(0, 10**17))
def test_an_etag_gives_back_its_version(version):
    assert headers.expected_version(f'"{version}"') == version


@pytest.mark.parametrize(
    "value", ["5", 'W/"5"', '"5', '"05"', '"-1"', '"a"', '"1", "2"', "", '"' + "9" * 30 + '"']
)
def test_weak_malformed_or_several_etags_are_refused(value):
    with pytest.raises(BadHeader):
        headers.expected_version(value)


@pytest.mark.parametrize("value", [None, "*", " * "])
def test_any_version_is_no_condition(value):
    assert headers.expected_version(value) is None


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=st.timezones()))
def test_a_moment_in_any_zone_is_read(moment):
    text = moment.isoformat()
    if text[-6] not in "+-" or text[-3] != ":":
        return  # zones of long ago have offsets with seconds, which RFC 3339 cannot write
    assert headers.effective_moment(text) == moment.astimezone(UTC)


@given(st.dates(datetime(1900, 1, 1).date(), datetime(2200, 12, 31).date()))
def test_a_date_means_its_beginning_in_utc(day):
    assert headers.effective_moment(day.isoformat()) == datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "today",
        "2025-02-30",
        "2025-13-01",
        "2025-05-05T10:00",
        "2025-05-05T10:00:00",
        "20250505",
        "٢٠٢٥-٠٥-٠٥",
    ],
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(BadHeader):
        headers.effective_moment(value)


@pytest.mark.parametrize("value", ["1899-12-31", "2201-01-01", "0001-01-01", "9999-12-31T23:59:59Z"])
def test_years_that_are_not_kept_are_refused(value):
    with pytest.raises(OutOfRange):
        headers.effective_moment(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
    ],
)
def test_a_malformed_traceparent_counts_as_none(value):
    assert headers.trace_context(value) is None

"""What verification finds is told of one position or of several, each in its words."""

import pytest

from deploy.verifying.report import Finding


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (Finding("there are no rows"), "there are no rows"),
        (Finding("was changed", 7), "position 7 was changed"),
        (Finding("was changed", 7, 7), "position 7 was changed"),
        (Finding("they are missing", 7, 9, "is missing"), "positions 7 to 9: they are missing"),
        (Finding("they are missing", 7, 7, "is missing"), "position 7 is missing"),
    ],
)
def test_a_finding_in_words(finding: Finding, told: str) -> None:
    assert finding.text == told

"""What is told of a service as a whole."""

from collections.abc import Mapping
from typing import Any

from shared.web import AnswerModel


class Overview(AnswerModel):
    """How far a service is; `parked` counts events by source, `decrees` what is known of each."""

    position: int
    published: int
    views: int
    parked: dict[str, int]
    decrees: Mapping[str, Any]

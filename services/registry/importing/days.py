"""Days that are still to come, where an import tells what has happened."""

from datetime import date

from services.registry.days import has_come
from shared.domain import Moment, Text

IS_TO_COME = Text(en="This day is still to come.", ar="هذا اليوم لم يحن بعد.")
NOT_BORN = Text(en="Correct the date of birth.", ar="صحح تاريخ الميلاد.")


def posting_ahead(posted_on: date | None, moment: Moment) -> tuple[Text, Text] | None:
    """Tell what is wrong with a posting that has not begun, and what to do; None where nothing is."""
    if posted_on is None or has_come(posted_on, moment.recorded_at):
        return None
    return (
        Text(
            en=f"The posting begins on {posted_on}, which is still to come.",
            ar=f"يبدأ الإيفاد في {posted_on} ولم يحن ذلك بعد.",
        ),
        Text(en="Import it when it has begun, or correct the day.", ar="استورده بعد أن يبدأ، أو صحح اليوم."),
    )

"""What a dossier asks for and nobody will be given to do, since no procedure tells how."""

from collections.abc import Mapping

from services.registry.importing.facts import measures_of
from shared.dossier.form import Dossier


def unplanned(dossier: Dossier, adopted: Mapping[str, bool | None]) -> dict[str, list[str]]:
    """Return the obligations of which no task comes, and the measures of which no plan does.

    `adopted` tells of the procedures that the dossier names whether they are (None where nobody could tell);
    of one that it leaves out it is taken for granted. What names one that is not waits until it is adopted.
    """
    there = {key for key in (dossier.procedure, *dossier.procedures.values()) if key is not None}
    there -= {key for key, is_adopted in adopted.items() if is_adopted is False}
    obligations, by_kind = dossier.decree.obligations, dossier.procedures
    return {
        "obligations": [one.key for one in obligations if dossier.procedure not in there or one.task is None],
        "measures": [
            id
            for id, row in measures_of(dossier)
            if by_kind.get(row.measure_kind, dossier.procedure) not in there
        ],
        "not_adopted": [key for key, is_adopted in adopted.items() if is_adopted is False],
        "not_known": [key for key, is_adopted in adopted.items() if is_adopted is None],
    }

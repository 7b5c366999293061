"""What a dossier asks for and nobody will be given to do, since no procedure tells how."""

from services.registry.importing.facts import measures_of
from shared.dossier.form import Dossier


def unplanned(dossier: Dossier) -> dict[str, list[str]]:
    """Return the obligations of which no task comes, and the measures of which no plan does."""
    return {
        "obligations": [
            one.key for one in dossier.decree.obligations if dossier.procedure is None or one.task is None
        ],
        "measures": [
            id
            for id, row in measures_of(dossier)
            if dossier.procedures.get(row.measure_kind, dossier.procedure) is None
        ],
    }

"""A decree's dossier: its form, how it is read from a folder, checked, and sent to the services."""

from shared.dossier.checking import check
from shared.dossier.folder import Folder, read_folder
from shared.dossier.form import Dossier
from shared.dossier.problems import DossierRefused, Problem
from shared.dossier.sending import ImportFailed, ImportSummary, import_dossier

__all__ = [
    "Dossier",
    "DossierRefused",
    "Folder",
    "ImportFailed",
    "ImportSummary",
    "Problem",
    "check",
    "import_dossier",
    "read_folder",
]

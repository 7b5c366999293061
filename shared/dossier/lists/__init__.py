"""Lists as tables: missions and staff in CSV and XLSX, read with every problem by row and column."""

from shared.dossier.lists.missions import ListedMission, MissionList, read_missions
from shared.dossier.lists.sheets import CSV, XLSX
from shared.dossier.lists.staff import ListedPerson, StaffList, read_staff
from shared.dossier.lists.writing import write

__all__ = [
    "CSV",
    "XLSX",
    "ListedMission",
    "ListedPerson",
    "MissionList",
    "StaffList",
    "read_missions",
    "read_staff",
    "write",
]

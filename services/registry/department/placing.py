"""Under which department a department stands."""

from services.registry.department.department import Department
from services.registry.department.refusals import OwnAncestor
from services.registry.reading import Reading
from shared.contracts.registry import DepartmentPlaced
from shared.domain import Moment


def place(reading: Reading, department: Department, parent: str | None, moment: Moment) -> None:
    """Put the department under another one, or under none; never under one that stands under it."""
    department.must_exist()
    if department.parent == parent:
        return
    above = parent
    while above is not None:
        if above == department.id:
            raise OwnAncestor(department=department.id, parent=parent)
        above = reading.get(Department, above).must_exist().parent
    department.record(DepartmentPlaced(parent=parent, former=department.parent), moment)

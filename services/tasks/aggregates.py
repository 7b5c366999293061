"""Every aggregate that this service owns."""

from services.tasks.calendar import Calendar
from services.tasks.department import Department
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.task import Task
from services.tasks.template import Template
from shared.domain import Aggregate

AGGREGATES: tuple[type[Aggregate], ...] = (Calendar, Department, Mission, Plan, Task, Template)

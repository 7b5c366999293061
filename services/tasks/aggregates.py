"""Every aggregate that this service owns."""

from services.tasks.calendar import Calendar
from services.tasks.country import Country
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.department import Department
from services.tasks.escalation import Escalation
from services.tasks.escalation_policy import EscalationPolicy
from services.tasks.extension import Extension
from services.tasks.indicator import Indicator
from services.tasks.meeting import Meeting
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.report import Report
from services.tasks.task import Task
from services.tasks.template import Template
from shared.domain import Aggregate

AGGREGATES: tuple[type[Aggregate], ...] = (
    Calendar,
    Country,
    Deadline,
    Decree,
    Department,
    Escalation,
    EscalationPolicy,
    Extension,
    Indicator,
    Meeting,
    Mission,
    Plan,
    Report,
    Task,
    Template,
)

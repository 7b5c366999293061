"""Procedures: the templates from which plans are drafted."""

from services.tasks.template.proposal import ProposedDecreeTask, ProposedTask, TemplateProposal
from services.tasks.template.refusals import (
    ProcedureForOtherKinds,
    ProcedureNotAdopted,
    ProcedureWithoutTasks,
    TemplateFlawed,
    UnknownProcedureTask,
)
from services.tasks.template.template import Template

__all__ = [
    "ProcedureForOtherKinds",
    "ProcedureNotAdopted",
    "ProcedureWithoutTasks",
    "ProposedDecreeTask",
    "ProposedTask",
    "Template",
    "TemplateFlawed",
    "TemplateProposal",
    "UnknownProcedureTask",
]

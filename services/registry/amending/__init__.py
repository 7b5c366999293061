"""Amendments: what a later decree does to an earlier one, to its measures and to their missions."""

from services.registry.amending.amending import amend, repeal, supersede
from services.registry.amending.proposal import Amendment, ChangedRow, NewArticle, NewRow

__all__ = ["Amendment", "ChangedRow", "NewArticle", "NewRow", "amend", "repeal", "supersede"]

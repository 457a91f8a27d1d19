"""The tables that a family of objects registers on: commands, deeds, forms, and everything else of the router."""

from __future__ import annotations

from dataclasses import dataclass

from bot.routing import Router
from handlers.calls import Commands
from handlers.deeds import Deeds
from handlers.forms.form_filling import Forms


@dataclass(frozen=True, slots=True)
class Tables:
    """All of them, filled once at start."""

    router: Router
    commands: Commands
    deeds: Deeds
    forms: Forms

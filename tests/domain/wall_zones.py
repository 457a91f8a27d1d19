"""Zones for tests: without changes, with changes in both hemispheres, with half and quarter hours."""

from __future__ import annotations

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Africa/Casablanca",
)

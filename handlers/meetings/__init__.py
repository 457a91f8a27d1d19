"""Meetings from the wish for one to the record it owes (domain.md 3.9; R-52 to R-68)."""

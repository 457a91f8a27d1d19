"""Conflicts between departments, from filing to ruling and its execution (domain.md 3.8; R-86 to R-91)."""

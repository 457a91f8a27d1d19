"""Forms as text, as cards and as a dialogue; what was typed is never lost (domain.md 4; ux.md A4)."""

"""Tasks: given, worked on, confirmed (domain.md 3.4; R-33, R-34)."""

"""Items of collaboration: made, run, classified, ended (domain.md 3.3)."""

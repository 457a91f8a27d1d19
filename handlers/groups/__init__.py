"""The dedicated groups of items: made, checked against who has to be there, given up (domain.md 3.15; R-41, R-42)."""

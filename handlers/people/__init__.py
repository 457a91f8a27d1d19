"""Who acts for whom: leave and delegates, and the change of a liaison (domain.md 2.6, 3.12, 3.17)."""

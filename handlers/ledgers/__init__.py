"""The ledgers F3 and F9, forms as printed papers, and how long all of it is kept (domain.md 4.3, 4.9, 2.5)."""

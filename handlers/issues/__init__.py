"""Issues in three grades, from filing to the end (domain.md 3.7; R-92 to R-101)."""

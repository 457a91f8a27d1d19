"""The reply clock: when a question is timed, what stops it, who is told (domain.md 3.14, 5.1 to 5.5; R-40, R-43 to R-45)."""

"""Plans of items: written, countersigned, revised (domain.md 3.2; R-79, R-80)."""

"""The documents of items: names, places, freshness, rights (domain.md 3.13; R-46 to R-51)."""

"""Requests for collaboration, from the form to the decision (domain.md 3.1; R-71 to R-78)."""

"""Acceptance and archive of items (domain.md 3.6; R-83 to R-85): applied for, voted on, put right, archived."""

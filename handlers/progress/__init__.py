"""Weekly progress of items and the statement before a milestone meeting (domain.md 3.5, 4.10; R-67, R-81, R-82)."""

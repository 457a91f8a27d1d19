"""What the leader reads: the daily digest and the weekly report (domain.md 6.1, 6.2; R-15, R-23)."""

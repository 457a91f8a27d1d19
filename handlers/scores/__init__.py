"""What departments are measured by and think of each other: scorecards, ratings, feedback, awards and criticism (domain.md 6.3 to 6.5)."""

"""What keeps the written plan alive: its versions, the duties of a month, trainings (domain.md 3.18; R-106, R-110)."""

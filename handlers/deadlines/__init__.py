"""What is owed, by whom, until when, and how it is told: open deadlines, holders, merged reminders (domain.md 2.3, 5.9)."""

"""What a person writes and how it is taken: commands, answers, talk, and everybody's own settings and lists."""

"""How the program itself is doing, and what it could not handle."""

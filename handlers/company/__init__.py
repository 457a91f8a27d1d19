"""The company itself: its people, calendar and departments as the program sees them, and what is missing in them."""

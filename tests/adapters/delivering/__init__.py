"""The whole way out of a message, on each platform with the same demands."""

"""Parts that the emulators of all platforms are made of. They know no platform, and nothing of the adapters."""

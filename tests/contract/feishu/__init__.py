"""The platform's official SDK as an independent peer: of the emulator, and of what the adapter sends."""

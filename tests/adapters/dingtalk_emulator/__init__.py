"""The emulated DingTalk speaks the documented protocol."""

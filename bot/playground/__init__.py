"""The try-it page: the sample company on an emulated platform, with the real engine underneath (ux.md A7)."""

"""Every sentence for people, in Simplified Chinese and English. See README.md in this folder."""

from handlers.texts.catalogue import LANGUAGES, Named, keys, placeholders, say

__all__ = ["LANGUAGES", "Named", "keys", "placeholders", "say"]

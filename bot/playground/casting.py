"""The sample company on one platform: everybody has an account there, and its groups are there.

The sample is written for the platform that it prefers; on another one the same people have accounts made from the numbers
that they have as employees. Works on the text, so that the file which the bot reads is the file that was cast.
"""

from __future__ import annotations

import re

_PRIMARY = re.compile(r'^primary = "(\w+)"$', re.MULTILINE)
_ACCOUNTS = re.compile(r"^accounts = \{.*\}$", re.MULTILINE)
_NUMBER = re.compile(r'= "[\w\-]*?(e\d{3})"')
_PREFER = re.compile(r'^prefer = "\w+"$', re.MULTILINE)
_PLATFORM = re.compile(r'^platform = "\w+"$', re.MULTILINE)
_CHAT = re.compile(r'^chat = "([\w\-]+)"$', re.MULTILINE)


def cast(text: str, platform: str) -> str:
    """The company file with everybody on that platform; the text itself where it prefers that already."""
    primary = _PRIMARY.search(text)
    if primary is not None and primary[1] == platform:
        return text
    text = _ACCOUNTS.sub(lambda found: _account(found[0], platform), text)
    text = _PRIMARY.sub(f'primary = "{platform}"', text)
    text = _PREFER.sub(f'prefer = "{platform}"', text)
    text = _PLATFORM.sub(f'platform = "{platform}"', text)
    # ids of letters and digits are good everywhere
    return _CHAT.sub(lambda found: f'chat = "{found[1].replace("_", "")}"', text)


def _account(line: str, platform: str) -> str:
    number = _NUMBER.search(line)
    return f'accounts = {{ {platform} = "{platform}-{number[1]}" }}' if number is not None else line

"""A request body with one file in it, `multipart/form-data`, as uploads want it. Pure; the same form is always the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

#: a boundary has at most 70 characters (RFC 2046)
_DIGITS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Plain fields and one file. Names and values are ours, never words of people."""

    fields: tuple[tuple[str, str], ...]
    name: str
    file_name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def boundary(self) -> str:
        """What parts the fields: made from the content, which therefore cannot contain it."""
        return f"huiyin-{hashlib.sha256(self.content).hexdigest()[:_DIGITS]}"

    @property
    def content_type(self) -> str:
        """The header that goes with `body`."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def body(self) -> bytes:
        """The form on the wire."""
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in self.fields
        ]
        head = (
            f'Content-Disposition: form-data; name="{self.name}"; filename="{self.file_name}"\r\n'
            f"Content-Type: {self.media_type}\r\n\r\n"
        )
        mark = f"--{self.boundary}".encode()
        whole = [mark + b"\r\n" + part + b"\r\n" for part in (*parts, head.encode() + self.content)]
        return b"".join(whole) + mark + b"--\r\n"

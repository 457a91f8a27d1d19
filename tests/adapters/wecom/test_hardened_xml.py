"""XML that was signed and decrypted is still read without trust: nothing in it can reach a file, grow, or nest (T5)."""

from __future__ import annotations

from random import Random

import pytest

from adapters.wecom.hardened_xml import DEPTH, MAX_BYTES, NODES, BadXml, parse_table


def test_tags_are_members_and_repeated_tags_a_list() -> None:
    raw = b"<xml><A>1</A><B><![CDATA[<b>&amp;]]></B><C><D>x</D><D>y</D><E></E></C></xml>"
    assert parse_table(raw) == {"A": "1", "B": "<b>&amp;", "C": {"D": ["x", "y"], "E": ""}}


def test_the_five_entities_of_xml_are_characters() -> None:
    assert parse_table(b"<xml><A>&lt;&amp;&gt;&quot;&apos;&#26131;</A></xml>") == {"A": "<&>\"'易"}


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>'


@pytest.mark.parametrize(
    "raw",
    [
        LAUGHS,
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><A>1</A></xml>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]><xml><A>1</A></xml>',
        b"<!DOCTYPE x><xml><A>1</A></xml>",
        b'<?xml version="1.0"?><xml><A>1</A></xml>',
        b"<?php x ?><xml><A>1</A></xml>",
        b"<xml><!-- x --><A>1</A></xml>",
        b"<xml><A>&unknown;</A></xml>",
        b"<xml><A>1</B></xml>",
        b"<xml><A>1</A>",
        b"<xml><A>1</A></xml><xml/>",
        b"<xml>words alone</xml>",
        b"<xml/>",
        b"",
        b"\xff\xfe<\x00x\x00",
        b"<xml><A>\xff</A></xml>",
        b"<xml><A>\x00</A></xml>",
        b"<xml>" + b"<A>" * DEPTH + b"</A>" * DEPTH + b"</xml>",
        b"<xml>" + b"<A/>" * NODES + b"</xml>",
        b"<xml><A>" + b"x" * MAX_BYTES + b"</A></xml>",
    ],
)
def test_everything_else_is_refused_without_a_word_of_it(raw: bytes) -> None:
    with pytest.raises(BadXml) as refused:
        parse_table(raw)
    assert "passwd" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_may_just_be_is_read() -> None:
    assert parse_table(b"<xml>" + b"<A/>" * (NODES - 1) + b"</xml>") == {"A": [""] * (NODES - 1)}
    assert parse_table(b"<xml>" + b"<A>" * (DEPTH - 1) + b"x" + b"</A>" * (DEPTH - 1) + b"</xml>")


def test_no_mutation_is_another_exception() -> None:
    dice = Random(11)
    genuine = "<xml><A><![CDATA[进度]]></A><B>1</B><C><D>x</D><D>y</D></C></xml>".encode()
    for _ in range(20_000):
        raw = bytearray(genuine)
        for _ in range(dice.randint(1, 3)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        try:
            assert isinstance(parse_table(bytes(raw)), dict)
        except BadXml:
            continue

"""Numbers of a form as people write them: telephones, amounts of money, percentages (domain.md 4)."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot.domain.folding import folded
from bot.domain.form import FieldSpec
from bot.domain.form_characters import as_line
from bot.domain.form_problems import Names, Understood, wrong
from bot.domain.form_text import FormField

_UNITS = {
    "万": Decimal(10_000),
    "千": Decimal(1000),
    "亿": Decimal(100_000_000),
    "k": Decimal(1000),
    "w": Decimal(10_000),
}
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<rest>\.\d{1,9})?\s*(?P<unit>[万千亿kw]?)\Z"
)
_MONEY_AROUND = re.compile(r"\A\s*(?:人民币|rmb|cny|¥|￥)?\s*|\s*(?:元整?|块钱?|人民币|rmb|cny)?\s*\Z")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{3,6}")


def read_phone(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    """A mobile, landline or extension (F1-5)."""
    digits = re.sub(r"\s", "", folded(as_line(written.text))).removeprefix("+86")
    plain = digits.replace("-", "") if re.fullmatch(r"1[\d-]+", digits) else digits
    return Understood(plain) if _PHONE.fullmatch(plain) else wrong(spec, "form_no_phone", written.text)


def read_number(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    """A number, with 万 or 千 where people like it."""
    number = _decimal(folded(as_line(written.text)))
    return Understood(_shown(number)) if number is not None else wrong(spec, "form_no_number", written.text)


def read_money(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    """Yuan: 0 or more, two decimals at most."""
    amount = _decimal(_MONEY_AROUND.sub("", folded(as_line(written.text))))
    if amount is None:
        return wrong(spec, "form_no_money", written.text)
    if amount < 0 or amount != round(amount, 2):
        return wrong(spec, "form_money_range", written.text)
    return Understood(_shown(amount))


def read_percent(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    """From 0 to 100."""
    text = folded(as_line(written.text))
    number = _decimal(text.removeprefix("百分之").removesuffix("%").strip())
    if number is None:
        return wrong(spec, "form_no_percent", written.text)
    return Understood(_shown(number)) if 0 <= number <= 100 else wrong(spec, "form_percent_range", written.text)


def _decimal(text: str) -> Decimal | None:
    match = _NUMBER.match(text.strip())
    if match is None:
        return None
    try:
        number = Decimal(match["sign"] + match["digits"].replace(",", "") + (match["rest"] or ""))
    except InvalidOperation:
        return None
    return number * _UNITS.get(match["unit"], Decimal(1))


def _shown(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text

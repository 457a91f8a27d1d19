"""What days off and extra working days are called in English. Calendars name them in Chinese; names that nobody translated stay."""

from __future__ import annotations

_ENGLISH = {
    "周末": "weekend",
    "调休上班": "make-up working day",
    "停工": "closed",
    "上班": "extra working day",
    "时段调整": "changed hours",
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}


def day_name(name: str, language: str) -> str:
    """The name, or several of them joined by 、, in that language (anything but `en` is Chinese)."""
    if not language.startswith("en"):
        return name
    return ", ".join(_ENGLISH.get(part, part) for part in name.split("、"))

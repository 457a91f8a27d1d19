"""Words shared by cards."""

TEXTS: dict[str, tuple[str, str]] = {
    "card_fallback": ("{title}｜{state}", "{title} | {state}"),
    "card_row": ("{name}：{value}", "{name}: {value}"),
    "card_by_text": ("也可以直接回复：{commands}", "Or just send: {commands}"),
}

"""The table of figures in both front pages, written from the results of a whole run and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results.json"
BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"
PAGES = {"README.md": ("figure", "measured", "against", "target"), "README.zh-CN.md": ("指标", "实测", "对比", "目标")}
#: what the figures are called in Chinese, by the beginning of their names
CHINESE = {
    "add 30 working minutes": "加 30 个工作分钟",
    "working time between two instants": "两个时刻之间的工作时间",
    "six years of one set of hours laid out": "排好六年的工作时段",
    "due instants right on the": "2026 年六个调休上班日的截止时刻全对",
    "messages verified, decrypted, stored durably and acknowledged": "消息验签、解密、落盘、应答",
    "acknowledgement p99 at 200": "每秒 200 条、处理同时进行、百万定时器在库，应答 p99",
    "acknowledgement p99 at 500": "每秒 500 条、处理同时进行、百万定时器在库，应答 p99",
    "a tick that fires 200": "一次触发 200 个定时器，另有百万个在等",
    "the same against": "同上，与只有一万个在等时相比",
    "10,000 due in one instant": "一万个同时到期，全部提交",
    "fired too early": "提前触发的定时器",
    "lateness p99": "百万个在等时，触发延迟 p99",
    "start to ready, 1,000,000 timers": "启动到就绪，库中百万定时器",
    "start to ready": "启动到就绪",
    "resident memory, idle, 1,000,000 timers": "空闲时常驻内存，库中百万定时器",
    "resident memory, idle": "空闲时常驻内存",
    "one month of the sample company, simulated": "示例公司模拟运行一个月",
    "the same in processor time": "同上，处理器时间",
}


def rewrite() -> None:
    """Put the table of the last whole run into both pages."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name in PAGES:
        page = ROOT / name
        text = page.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        _, after = rest.split(END)
        page.write_text(f"{before}{BEGIN}\n{table(results, name)}{END}{after}", encoding="utf-8")


def table(results: dict[str, Any], page: str) -> str:
    """The table for one page, with the machine under it."""
    head = PAGES[page]
    lines = [f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
    lines += [_line(figure, page) for figure in results["figures"]]
    return "\n".join([*lines, "", f"{results['machine']}", ""])


def _line(figure: dict[str, Any], page: str) -> str:
    name = figure["name"] if page == "README.md" else _chinese(figure["name"])
    value = f"{figure['value']:,.1f}" if figure["value"] < 1000 else f"{figure['value']:,.0f}"
    versus = f"{figure['ratio']:.2f} × {figure['peer']}" if figure["ratio"] is not None else ""
    mark = {True: "✔ ", False: "✘ ", None: ""}[figure["ok"]]
    return f"| {name} | {value} {figure['unit']} | {versus} | {mark}{figure['target']} |"


def _chinese(name: str) -> str:
    return next(said for begin, said in CHINESE.items() if name.startswith(begin))

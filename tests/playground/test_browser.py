"""The page in a real Chromium: the story by clicks, live on two screens, on a phone, and without a word in the console."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from bot.playground import demo
from tests.playground.rig import GU, SU, X1, YIN, YUAN
from tests.support.chromium import ARGUMENTS, find_chromium

# the patience of a test, not a promise to people: a busy machine plays a night of deadlines in many seconds
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# one browser for the whole file, so one event loop, too
PHONE = ViewportSize(width=375, height=812)
DESK = ViewportSize(width=1280, height=800)
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser with a fresh profile."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[demo.Page]:
    page = await demo.start(platform="feishu", port=0, runs=False)
    yield page
    await page.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def context(chromium: Browser, stage: demo.Page) -> AsyncIterator[BrowserContext]:
    """Windows of one person; whatever a page complains about fails the test."""
    del stage  # outlives the windows: a page that looks for a stopped server complains, rightly
    complaints: list[str] = []
    context = await chromium.new_context(viewport=DESK, locale="zh-CN")
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()
    assert complaints == []


async def open_page(context: BrowserContext, stage: demo.Page, query: str = "") -> Page:
    page = await context.new_page()
    await page.goto(f"{stage.url}?{query}")
    return page


async def say(page: Page, words: str) -> None:
    await page.fill("#say textarea", words)
    await page.press("#say textarea", "Escape")
    await page.press("#say textarea", "Enter")


async def clicks(page: Page, words: str) -> None:
    """In the step of the tour that is shown."""
    await page.click(f"#tour .step:not([hidden]) .clicks >> text={words}")


async def says(page: Page, words: str) -> None:
    """Have the tour write something, and send it once it stands there: until then the composer is that of the chat before."""
    await clicks(page, words)
    await expect(page.locator("#say textarea")).not_to_have_value("")
    await page.click("#say button.primary")


async def test_the_tour_plays_the_story(context: BrowserContext, stage: demo.Page, figures: object) -> None:
    page = await open_page(context, stage)
    await expect(page.locator("#tour")).to_be_visible()
    await clicks(page, "替我写好")
    await expect(page.locator("#say textarea")).to_have_value("@袁知行 检测夹具什么时候到位？")
    started = time.perf_counter()
    await page.click("#say button.primary")
    await expect(page.locator("#messages .bubble")).to_contain_text("检测夹具什么时候到位")
    seconds = time.perf_counter() - started
    assert callable(figures)
    figures("playground: click to visible change", f"{seconds * 1000:.0f} ms")
    await clicks(page, "下一步")
    await says(page, "替我写好")
    await expect(page.locator("#messages .message")).to_have_count(2)
    await clicks(page, "下一步")
    await says(page, "再问一句")
    await clicks(page, "跳 30 分钟")
    await expect(page.locator("#now")).to_contain_text("09:35:00")
    await clicks(page, "看 袁知行 的私聊")
    await expect(page.locator(".cardtag").last).to_have_text("已超时")
    await clicks(page, "跳 30 分钟")
    await expect(page.locator("#now")).to_contain_text("10:05:00")
    await says(page, "让 尹若谷 问为什么")
    await expect(page.locator("#messages .message").last).to_contain_text("HF-2026-0002")
    await clicks(page, "下一步")
    await says(page, "写好需求")
    await expect(page.locator("#messages .message").last).to_contain_text("必填项已齐")
    await says(page, "写好提交")
    await expect(page.locator("#messages .message").last).to_contain_text("已提交审核")
    for who in ("尹若谷", "方景行"):
        await clicks(page, f"看 {who} 的卡片")
        await page.locator(".card button", has_text="审核通过").last.click()
        await expect(page.locator(".toast").last).to_contain_text("XQ-2026-0015")
    await clicks(page, "写好提交")
    await expect(page.locator("#messages")).to_contain_text("SX-2026-0009")
    await clicks(page, "下一步")
    await says(page, "写好问题")
    await page.click(".clock [value='1m']")  # the clock stands still here, and the platform takes so many a second
    await expect(page.locator("#messages")).to_contain_text("已登记 WT-2026-0012")
    await clicks(page, "看 许安然 的卡片")
    card = page.locator("#messages .card").last
    await card.get_by_label("问题等级").select_option(label="一般问题")
    await card.get_by_label("分级依据").fill("只影响检测环节，不影响整体进度")
    await card.locator("button", has_text="分级").click()
    await expect(page.locator(".toast").last).to_contain_text("WT-2026-0012")
    await clicks(page, "下一步")
    await clicks(page, "跳到明早 08:45")
    await expect(page.locator("#now")).to_contain_text("9月15日 周二 08:45:00")
    await clicks(page, "看 顾明远 的私聊")
    await expect(page.locator("#messages .message").last).to_contain_text("2026-09-15")
    await clicks(page, "打开验收周")
    await expect(page.locator(".week .steps li")).to_have_count(100)
    await clicks(page, "开始自己玩")
    await expect(page.locator("#tour")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#tour")).to_be_hidden()  # shown on the first visit only


async def test_two_screens_follow_each_other(context: BrowserContext, stage: demo.Page) -> None:
    asker = await open_page(context, stage, f"me={SU}&chat={X1}")
    asked = await open_page(context, stage, f"me={YUAN}&chat={X1}")
    await say(asker, "@袁知行 检测夹具什么时候到位？")
    await expect(asked.locator(".forme .at")).to_have_text("@袁知行")
    await asked.fill("#say textarea", "写到一半的回复")
    await say(asker, "图纸用哪一版？")
    await expect(asked.locator("#messages .message")).to_have_count(2)
    await expect(asked.locator("#say textarea")).to_have_value("写到一半的回复")
    await asked.press("#say textarea", "Enter")
    await expect(asker.locator("#messages .message")).to_have_count(3)


async def test_the_picker_the_quote_the_emoji_and_the_recall(context: BrowserContext, stage: demo.Page) -> None:
    page = await open_page(context, stage, f"me={SU}&chat={X1}")
    await page.locator("#say textarea").press_sequentially("@袁")
    await expect(page.locator("#picker li:visible")).to_have_count(1)
    await page.press("#say textarea", "Enter")
    await expect(page.locator("#say textarea")).to_have_value("@袁知行 ")
    await page.locator("#say textarea").press_sequentially("在吗")
    await page.press("#say textarea", "Enter")
    await expect(page.locator("#messages .at")).to_have_text("@袁知行")
    await page.locator("#messages .message").hover()
    await page.click("#messages .acts")
    await page.click("#act [data-emoji=OK]")
    await expect(page.locator(".reaction")).to_contain_text("苏念初")
    await page.locator("#messages .message").hover()
    await page.click("#messages .acts")
    await page.click("#act [data-quote]")
    await expect(page.locator(".quoted")).to_contain_text("引用 苏念初：@袁知行 在吗")
    await say(page, "急")
    await expect(page.locator("blockquote")).to_contain_text("在吗")
    await page.locator("#messages .message").last.hover()
    await page.click("#messages .message:last-child .acts")
    await page.click("#act [name=recall]")
    await expect(page.locator("#messages .note")).to_have_text("苏念初 撤回了一条消息")


async def test_a_form_on_a_card_is_filled_and_sent(context: BrowserContext, stage: demo.Page) -> None:
    page = await open_page(context, stage, f"me={SU}&chat={X1}")
    await say(page, "@袁知行 检测夹具什么时候到位？")
    await expect(page.locator("#messages .message")).to_have_count(1)
    await page.click(".clock [value=due]")
    await expect(page.locator("#now")).to_contain_text("09:25:00")
    asked = await open_page(context, stage, f"me={YUAN}&chat=private")
    await asked.click(".card .cb.primary")
    await expect(asked.locator(".toast").first).to_be_visible()
    await expect(asked.locator(".card")).to_have_class("card k-green")


async def test_faults_webhook_and_inspector(context: BrowserContext, stage: demo.Page) -> None:
    page = await open_page(context, stage, f"me={SU}&chat={X1}")
    await page.click(".wire summary")
    await page.click(".wire [value=webhook]")
    await expect(page.locator(".wire")).to_contain_text("Webhook 已连接")
    await page.click(".faults summary")
    await page.click("[value=fault_duplicate]")
    await expect(page.locator(".faults .badge")).to_have_text("1")
    await say(page, "@袁知行 检测夹具什么时候到位？")
    await page.click(".clock [value='1m']")
    await expect(page.locator("#trace .tag.good")).to_have_count(3)
    await page.click("#trace li.in summary >> nth=0")
    await expect(page.locator("#trace details[open] pre")).to_contain_text('"message_type": "text"')
    await expect(page.locator(".faults .badge")).to_have_count(0)


async def test_a_group_is_made_looked_after_and_dissolved(context: BrowserContext, stage: demo.Page) -> None:
    page = await open_page(context, stage, f"me={SU}&chat={X1}")
    await page.click(".newgroup summary")
    await page.fill(".newgroup [name=name]", "展会碰头")
    await page.select_option(".newgroup [name=members]", [YIN, GU])
    await page.click(".newgroup button.primary")
    await expect(page.locator(".head b")).to_have_text("展会碰头")
    await page.click(".head summary")
    await page.click(f".head [name=remove][value={GU}]")
    await expect(page.locator(".head .what")).to_contain_text("2 人")
    await page.click(".head .danger")
    await expect(page.locator("dialog")).to_contain_text("解散“展会碰头”")
    await page.click("dialog >> text=取消")
    await expect(page.locator(".head b")).to_have_text("展会碰头")
    await page.click(".head .danger")
    await page.click("dialog >> text=确定")
    await expect(page.locator(".chatlist")).not_to_contain_text("展会碰头")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_fits_a_phone(context: BrowserContext, stage: demo.Page, scheme: str) -> None:
    page = await open_page(context, stage, f"me={SU}&chat={X1}")
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await say(page, "@袁知行 检测夹具什么时候到位？" + "很长的一句话" * 20 + "https://example.com/" + "x" * 200)
    await page.click(".clock [value=morning]")
    await expect(page.locator("#now")).to_contain_text("08:45:00")
    for tab, shown in (("people", ".everyone"), ("inspector", ".inspector"), ("chats", ".talk")):
        await page.click(f"[data-tab-to={tab}]")
        await expect(page.locator(shown)).to_be_visible()
        overflow = await page.locator("body").evaluate("body => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, tab
        for other in {".everyone", ".inspector", ".talk"} - {shown}:
            await expect(page.locator(other)).to_be_hidden()
    await page.click("[data-tab-to=people]")
    await page.fill("#search", "质量部经理")
    await page.click(".person:visible >> nth=0")
    await expect(page.locator(".meline")).to_contain_text("尹若谷")
    await expect(page.locator(".talk")).to_be_visible()


async def test_the_page_works_without_scripts(chromium: Browser, stage: demo.Page) -> None:
    context = await chromium.new_context(viewport=DESK, java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    page = await open_page(context, stage, f"me={SU}&chat={X1}")
    await page.fill("#say textarea", "@袁知行 在吗")
    await page.click("#say button.primary")
    await expect(page.locator("#messages .bubble")).to_contain_text("在吗")
    await page.click("text=袁知行 >> nth=-1")
    await page.click(".clock [value='30m']")
    await expect(page.locator("#now")).to_contain_text("09:35:00")
    await context.close()


@pytest.mark.parametrize("size", [ViewportSize(width=1360, height=860), PHONE], ids=["desk", "phone"])
async def test_ten_acts_of_the_week_are_played_and_watched(
    context: BrowserContext, stage: demo.Page, size: ViewportSize
) -> None:
    page = await open_page(context, stage, f"me={GU}&tab=inspector")
    await page.set_viewport_size(size)
    await page.click(".week > summary")
    await page.click(".week [value=begin]")
    await page.click("dialog >> text=确定")
    await expect(page.locator("#now")).to_contain_text("9月14日 周一 08:00:00")
    await expect(page.locator("#tour")).to_be_hidden()
    await page.click("[data-tab-to=chats]") if size == PHONE else None
    seen: list[str] = []
    for number in range(1, 11):
        await page.click(".playbar [value=next]")
        await expect(page.locator(".playbar .count")).to_contain_text(f"{number}/172")
        seen.append(await page.locator(".meline b").inner_text())
        overflow = await page.locator("body").evaluate("body => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, number
    assert seen == ["顾明远", "苏念初", "秦书禾", *["温晓棠"] * 5, "陆怀谷", "陆怀谷"]
    await expect(page.locator("#messages .card").last).to_contain_text("1/5")
    await page.click("[data-tab-to=inspector]") if size == PHONE else None
    await expect(page.locator(".week .steps .done")).to_have_count(8)
    await page.click(".week .steps .next summary")
    await expect(page.locator(".week .steps .next .deeds")).to_contain_text("伪造的按钮 XQ-2026-0015")
    await page.uncheck(".week [name=follow]")
    await page.click(".week .steps .next [name=to]")
    await expect(page.locator(".week progress")).to_have_attribute("value", "11")
    await expect(page.locator(".week [value=next]")).to_be_visible()
    assert await page.locator("body").get_attribute("data-me") == "ou_sample_e012"  # it followed no more

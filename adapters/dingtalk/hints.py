"""What an administrator has to do about a refusal: one sentence each, in Chinese and English, with the console's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RELEASE = "，再到 版本管理与发布 发布新版本"
_RELEASE_EN = ", then publish a new version of the app"
HINTS = {
    "credentials": (
        "在 开发者后台 › 应用 › 凭证与基础信息 核对 Client ID 与 Client Secret，改 platforms.dingtalk.client_id / client_secret"
        " / Check Client ID and Client Secret in open-dev.dingtalk.com › app › Credentials & Basic Info"
    ),
    "permission": (
        "在 开发者后台 › 应用 › 权限管理 开通：{points}{release}"
        " / Add these points in open-dev.dingtalk.com › app › Permissions: {points}{release_en}"
    ),
    "ip_allow_list": (
        "把本机的公网出口 IP 加到 开发者后台 › 应用 › 安全设置 › 服务器出口IP，或把那一栏清空"
        " / Add this server's egress IP under open-dev.dingtalk.com › app › Security settings, or leave that field empty"
    ),
    "budget": (
        "本月的接口调用额度已用完：在 管理后台 › 开放平台额度 购买，或等到下月一日；期间只发送必须发的"
        " / This month's API calls are used up: buy more in the admin console, or wait for the first of next month"
    ),
    "robot": (
        "在 开发者后台 › 应用 › 机器人 核对 robotCode 并启用、发布，改 platforms.dingtalk.robot_code"
        " / Check robotCode under open-dev.dingtalk.com › app › Robot, enable and publish it"
    ),
    "not_in_group": (
        "机器人不在这个群里：群设置 › 机器人 › 添加机器人（只限本企业的内部群）"
        " / The robot is not in this group: group settings › Robots › Add (internal groups of this organisation only)"
    ),
    "template": (
        "在 open-dev.dingtalk.com/fe/card 导入随附的模板并发布，把模板 ID 填到 platforms.dingtalk.card_template_id"
        " / Import and publish the shipped template at open-dev.dingtalk.com/fe/card and set card_template_id"
    ),
    "group_template": (
        "在 开发者后台 › 开放能力 › 场景群 核对群模板，改 platforms.dingtalk.group_template_id"
        " / Check the scene group template and set platforms.dingtalk.group_template_id"
    ),
    "contact_range": (
        "应用看不到这些人：开发者后台 › 应用 › 版本管理与发布 › 可见范围选全员，权限管理的通讯录范围同样"
        " / The app may not see these people: set its visible range and contact scope to all staff, then publish"
    ),
    "unpublished": (
        "应用还没有发布版本，钉钉不告诉我发消息的是谁，所以还不能办事。请管理员到 开发者后台 › 应用 › 版本管理与发布"
        " 创建并发布新版本，可见范围选全员，然后再发一次。 / No version of the app is published yet, so DingTalk does not say"
        " who is writing. Publish one under open-dev.dingtalk.com › app › Version management, visible to all staff, and try again."
    ),
    "unsafe": (
        "内容被平台的安全检查拦下，已改用纯文本 / The platform's content check refused it; it goes out as plain text"
    ),
    "foreign_group": (
        "不是由本程序建立的群，平台不让应用改成员：请群主手工添加"
        " / The group was not made by this program, so its owner has to change the members by hand"
    ),
    "public_url": (
        "设置 server.public_url，或清空 platforms.dingtalk.card_secret 让点击走长连接"
        " / Set server.public_url, or leave platforms.dingtalk.card_secret empty so that clicks come over the stream"
    ),
    "deliveries": (
        "本月的推送额度已用完，群里的话不再送达：在 管理后台 › 开放平台额度 购买，或等到下月一日"
        " / This month's deliveries are used up and messages arrive without words: buy more, or wait for the first"
    ),
    "punished": (
        "平台暂时封禁了本机 IP（调用过密），约五分钟后自动解除"
        " / The platform has blocked this IP for about five minutes because of too many calls"
    ),
    "bug": "程序的请求不被接受：请报告这个问题，附上错误码 / The platform does not take this request: please report it with its code",
    "base_url": (
        "平台地址应答了跳转：检查 platforms.dingtalk.base_url 与代理"
        " / The platform's address answers with a redirect: check platforms.dingtalk.base_url and the proxy"
    ),
    "certificate": (
        "无法验证平台的证书：检查系统时间、根证书和代理"
        " / The platform's certificate cannot be verified: check the system time, root certificates and the proxy"
    ),
}  # fmt: skip
_POINT = re.compile(r"[A-Za-z0-9_.]{3,80}")


def hint(key: str, *, points: Iterable[str] = ()) -> str:
    """The sentence of a key, empty for no key. Names of permissions that are none are left out."""
    if not key:
        return ""
    named = "、".join(sorted({one for one in points if _POINT.fullmatch(one)}))
    return HINTS[key].format(points=named or "（见应答 / see the answer）", release=_RELEASE, release_en=_RELEASE_EN)

"""What an administrator has to do about a refusal: one sentence each, in Chinese and English, with the console's own words."""

from __future__ import annotations

HINTS = {
    "credentials": (
        "在 管理后台 › 应用管理 › 自建应用 核对 Secret 与 AgentId，在 我的企业 › 企业信息 核对企业ID，改 platforms.wecom"
        " / Check Secret and AgentId under Apps › the self-built app, and the company ID under My company"
    ),
    "trusted_ip": (
        "把 {ip} 加到 管理后台 › 应用管理 › 自建应用 › 企业可信IP（先设好接收消息的 URL 或可信域名才能保存）"
        " / Add {ip} under Apps › the self-built app › Trusted IPs; the console saves it only after a callback URL is set"
    ),
    "visible_range": (
        "应用的可见范围不够：管理后台 › 应用管理 › 自建应用 › 可见范围 选整个企业（建群也需要）"
        " / Set the app's visible range to the root department; making groups needs it, too"
    ),
    "app_disabled": (
        "应用已停用：管理后台 › 应用管理 › 自建应用 › 启用 / The app is disabled: enable it in the admin console"
    ),
    "permission": (
        "应用没有这项接口权限：管理后台 › 应用管理 › 自建应用 › 可调用接口 / The app lacks this permission: admin console › the app"
    ),
    "callback": (
        "没有设置接收消息的 URL，按钮卡片发不出去：应用 › 接收消息 › 设置API接收"
        " / Cards with buttons need a callback URL: app › Receive messages › API"
    ),
    "licence": (
        "此人没有互通或接口许可：管理后台 › 接口许可 / This person has no interface licence: admin console › Licences"
    ),
    "foreign_group": (
        "这个群不是由本应用建立的，请群主手工操作 / This app did not make the group; its owner has to do it by hand"
    ),
    "bot_credentials": (
        "在 管理后台 › 安全与管理 › 管理工具 › 智能机器人 核对 Bot ID 与长连接 Secret，并保存为长连接方式"
        " / Check Bot ID and the long connection's Secret, and save the bot in long connection mode"
    ),
    "bot_elsewhere": (
        "同一个机器人在别处连上了：一个机器人只能有一条长连接，停掉另一个程序或换一个机器人"
        " / The same bot is connected elsewhere; one bot has one connection: stop the other program or use another bot"
    ),
    "bot_not_in_group": (
        "机器人不在群里或还没人@过它：群设置 › 添加机器人，再由一人发送 @机器人 绑定"
        " / The bot is not in the group or nobody has mentioned it yet: add it, then have somebody write to it"
    ),
    "bot_name": (
        "把 platforms.wecom.bot.name 写成机器人在企业微信里的名字，一字不差，否则名字会混进命令里"
        " / Set platforms.wecom.bot.name to the bot's name in WeCom, letter by letter; else parts of it get into commands"
    ),
    "encrypted_ids": (
        "机器人给出的是加密的成员ID：请由超级管理员在管理后台重新创建机器人"
        " / The bot delivers encrypted ids: have the super administrator create it in the admin console"
    ),
    "bug": "程序的请求不被接受：请报告这个问题，附上错误码 / The platform does not take this request: please report it with its code",
    "base_url": (
        "平台地址应答了跳转：检查 platforms.wecom.base_url 与代理"
        " / The platform's address answers with a redirect: check platforms.wecom.base_url and the proxy"
    ),
    "certificate": (
        "无法验证平台的证书：检查系统时间、根证书和代理"
        " / The platform's certificate cannot be verified: check the system time, root certificates and the proxy"
    ),
}  # fmt: skip


def hint(key: str, *, ip: str = "") -> str:
    """The sentence of a key, empty for no key."""
    return HINTS[key].format(ip=ip or "本机的公网出口 IP / this server's egress IP") if key else ""

"""What an administrator does about a refusal, with the exact place in the platform's console. Chinese first, then English.

Read in `doctor`, in the log and on `/状态`; nobody else sees them. Keys are what `errors.py` puts beside a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_RELEASE = "最后在“版本管理与发布”创建版本并发布，未发布的改动不生效"
_RELEASE_EN = "then publish a version under Version Management & Release, nothing counts before that"

HINTS: dict[str, str] = {
    "credentials": (
        "开发者后台 → 凭证与基础信息：核对 App ID 与 App Secret，写入 platforms.feishu.app_id / app_secret"
        " / Developer console → Credentials & Basic Info: compare App ID and App Secret with platforms.feishu"
    ),
    "scopes": (
        "开发者后台 → 权限管理 → 开通权限：{scopes}（应用身份），{release}"
        " / Developer console → Permissions & Scopes: add {scopes} (tenant token), {release_en}"
    ),
    "app_disabled": (
        "管理后台 → 工作台 → 应用管理：启用此应用；开发者后台 → 版本管理与发布：确认已发布"
        " / Admin console → Workplace → App Management: enable the app, and check that a version is published"
    ),
    "bot_ability": (
        "开发者后台 → 应用能力 → 添加应用能力：机器人，{release}"
        " / Developer console → Features: add Bot, {release_en}"
    ),
    "ip_allow_list": (
        "开发者后台 → 安全设置 → IP 白名单：加入本机的出口 IP，保存即生效"
        " / Developer console → Security → IP allow list: add this machine's public address"
    ),
    "quota": (
        "企业本月的 API 调用额度已用完，下月 1 日恢复；管理后台 → 费用中心可升级版本"
        " / The tenant's API calls of this month are used up until the 1st; a paid edition has no such limit"
    ),
    "availability": (
        "开发者后台 → 版本管理与发布 → 可用范围：加入此人或全部员工，并发布"
        " / Developer console → Version Management & Release → Availability: add the person or all staff, and publish"
    ),
    "contact_range": (
        "开发者后台 → 权限管理 → 数据权限 → 通讯录权限范围：选择全部员工，并发布"
        " / Developer console → Permissions & Scopes → Contacts range: choose all staff, and publish"
    ),
    "other_cloud": (
        "应用属于另一朵云：飞书用 https://open.feishu.cn，Lark 用 https://open.larksuite.com，改 platforms.feishu.base_url"
        " / The app belongs to the other cloud: set platforms.feishu.base_url to the Feishu or the Lark address"
    ),
    "other_app": (
        "此 ID 属于另一个应用（例如测试应用）：重新同步通讯录，或改正公司文件里的 accounts"
        " / The id belongs to another app, for example a test app: sync the directory anew or correct `accounts`"
    ),
    "group_rights": (
        "请群主在 群设置 → 群管理 中允许机器人发言、邀请成员"
        " / Ask the group's owner to let the bot speak and invite: group settings → Manage group"
    ),
    "external_group": (
        "群里有外部人员，本应用不能对外使用；若是内部群，请在 开发者后台 → 权限管理 核对消息权限"
        " / People of other companies are in this group, where the app may not speak; in a group of our own, check the"
        " message scopes in the developer console"
    ),
    "data_guard": (
        "内容被企业的敏感词或数据防泄漏规则拦下：管理后台 → 安全 → 内容审计"
        " / The tenant's word filter or data loss guard stopped it: Admin console → Security"
    ),
    "tenant_key": (
        "企业的加密密钥已删除，平台不再收发消息：联系飞书管理员"
        " / The tenant's encryption key is deleted, the platform takes no messages: ask the Feishu administrator"
    ),
    "connections": (
        "同一应用的长连接过多：停掉其他实例；开发机请用另一个应用"
        " / Too many long connections of this app: stop other instances, use another app for development"
    ),
    "user_login": (
        "这是用户身份的凭证，本程序只用应用身份：请报告这个问题"
        " / This concerns a user token, the program only uses the app's own: please report it"
    ),
    "bug": "程序的请求不被接受：请报告这个问题，附上错误码 / The platform does not take this request: please report it with its code",
    "base_url": (
        "平台地址应答了跳转：检查 platforms.feishu.base_url 与代理"
        " / The platform's address answers with a redirect: check platforms.feishu.base_url and the proxy"
    ),
    "certificate": (
        "无法验证平台的证书：检查系统时间、根证书和代理"
        " / The platform's certificate cannot be verified: check the system time, root certificates and the proxy"
    ),
}  # fmt: skip

_SCOPE = re.compile(r"[a-z0-9_.:]{3,80}")


def hint(key: str, *, scopes: Iterable[str] = ()) -> str:
    """The sentence of a key, empty for no key. Scope names that are none are left out."""
    if not key:
        return ""
    named = "、".join(sorted({one for one in scopes if _SCOPE.fullmatch(one)}))
    return HINTS[key].format(scopes=named or "（见应答 / see the answer）", release=_RELEASE, release_en=_RELEASE_EN)

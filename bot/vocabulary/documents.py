"""Commands of documents (3.13)."""

from __future__ import annotations

from functools import partial

from bot.command import CommandSpec
from bot.vocabulary.decisions import CODE_FOLLOWS, REASON, on_object

#: the words say enough: whatever follows belongs to them
_document = partial(on_object, topic="document", shape="")

SPECS: tuple[CommandSpec, ...] = (
    _document(
        "document_register",
        ("文档 登记", "登记文档", "文档 新建"),
        ("document register", "register document", "document new"),
        pairs={"类别": ("分类", "category")},
    ),
    _document("document_folder", ("文档 目录", "文档 位置"), ("document folder", "folder document")),
    _document("document_rename", ("文档 改名", "文档 重命名"), ("document rename", "rename document")),
    _document(
        "document_check",
        ("文档 检查", "文档 列表", "文档"),
        ("document check", "documents", "document"),
        needs=(),
        # `文档 登计 …` is a mistyped command, not a look at documents
        shape=rf"\s*\Z|{CODE_FOLLOWS}",
    ),
    _document("document_rights", ("文档 权限", "文档 授权"), ("document rights", "rights document")),
    _document("document_category", ("文档 类别", "文档 分类"), ("document category",)),
    _document("document_update", ("文档 更新", "文档 已更新"), ("document update", "document updated")),
    _document("document_waive", ("文档 豁免", "命名 豁免"), ("document waive", "waive name"), pairs=REASON),
    _document("document_missing", ("文档 失联", "文档 丢失"), ("document missing",), pairs=REASON),
    _document("document_found", ("文档 恢复", "文档 找回"), ("document found", "document restore")),
)

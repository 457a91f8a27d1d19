"""Calls about the app itself and its files: tokens, media, links to what people sent (dingtalk.md 1, 2.1, 4.5)."""

from __future__ import annotations

import hmac
from datetime import datetime

from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json
from adapters.dingtalk import emulator_codes as codes
from adapters.dingtalk.emulator_codes import ApiError, LegacyError
from adapters.dingtalk.emulator_fields import known, must
from adapters.dingtalk.emulator_limits import MEDIA_BYTES, VOICE_BYTES
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import SEND_SCOPE, State
from adapters.dingtalk.emulator_tokens import Tokens

_MEDIA_KINDS = frozenset({"image", "voice", "video", "file"})
#: where the links to files lead
_DOWNLOAD = "/download"


class AppApi:
    """Tokens and files."""

    def __init__(self, state: State, tokens: Tokens) -> None:
        self._state = state
        self._tokens = tokens
        self._links: dict[str, tuple[str, datetime]] = {}
        self.base_url = ""

    def routes(self) -> list[Route]:
        """The calls of this file."""
        return [
            Route(
                method="POST",
                path="/v1.0/oauth2/accessToken",
                operation="oauth2.accessToken",
                run=self._token,
                needs_token=False,
            ),
            Route(
                method="POST",
                path="/v1.0/oauth2/:corp/token",
                operation="oauth2.token",
                run=self._corp_token,
                needs_token=False,
            ),
            Route(method="GET", path="/gettoken", operation="gettoken", run=self._legacy_token, needs_token=False),
            Route(method="POST", path="/media/upload", operation="media.upload", run=self._upload),
            Route(
                method="POST",
                path="/v1.0/robot/messageFiles/download",
                operation="robot.messageFiles.download",
                run=self._link,
                scopes=(SEND_SCOPE,),
            ),
            Route(
                method="GET",
                path=f"{_DOWNLOAD}/:link",
                operation="download",
                run=self._download,
                needs_token=False,
            ),
        ]

    def _is_ours(self, key: object, secret: object) -> bool:
        app = self._state.app
        if not isinstance(secret, str) or not self._state.is_app_enabled:
            return False
        return key == app.client_id and hmac.compare_digest(secret.encode(), app.client_secret.encode())

    def _token(self, call: Call) -> Json:
        """POST /v1.0/oauth2/accessToken."""
        known(call.body, {"appKey", "appSecret"})
        if not self._is_ours(must(call.body, "appKey"), must(call.body, "appSecret")):
            raise ApiError("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        token, seconds = self._tokens.issue()
        return {"accessToken": token, "expireIn": seconds}

    def _corp_token(self, call: Call) -> Json:
        """POST /v1.0/oauth2/{corpId}/token."""
        known(call.body, {"client_id", "client_secret", "grant_type"})
        if call.body.get("grant_type") != "client_credentials":
            raise ApiError("unsupported.grant.type")
        if not self._is_ours(call.body.get("client_id"), call.body.get("client_secret")):
            raise ApiError("invalid.client")
        if call.path["corp"] != self._state.app.corp_id:
            raise ApiError("unauthorized.client")
        token, seconds = self._tokens.issue()
        return {"access_token": token, "expires_in": seconds}

    def _legacy_token(self, call: Call) -> Json:
        """GET /gettoken."""
        if not self._is_ours(call.arg("appkey"), call.arg("appsecret")):
            raise LegacyError(codes.LEGACY_BAD_SECRET, "不合法的appkey或appsecret")
        token, seconds = self._tokens.issue("legacy")
        return {"access_token": token, "expires_in": seconds}

    def _upload(self, call: Call) -> Json:
        """POST /media/upload: one file in the field `media`, its kind in the query or the form."""
        kind = call.arg("type") or str(call.body.get("type", ""))
        content = call.files.get("media", b"")
        if kind not in _MEDIA_KINDS or not content:
            raise LegacyError(codes.LEGACY_BAD_PARAMETER, "type and media are needed")
        if len(content) > (VOICE_BYTES if kind == "voice" else MEDIA_BYTES):
            raise LegacyError(40009, "不合法的文件大小")
        media_id = self._state.new_id("@lADP")
        self._state.resources[media_id] = content
        return {"type": kind, "media_id": media_id, "created_at": int(self._state.now().timestamp() * 1000)}

    def _link(self, call: Call) -> Json:
        """POST /v1.0/robot/messageFiles/download."""
        known(call.body, {"downloadCode", "robotCode"})
        code = must(call.body, "downloadCode")
        if must(call.body, "robotCode") != self._state.app.robot or code not in self._state.resources:
            raise ApiError("invalidParameter.downloadCode", "the downloadCode is not known")
        link = self._state.new_id("")
        self._links[link] = (code, self._state.now() + self._state.options.download_life)
        return {"downloadUrl": f"{self.base_url}{_DOWNLOAD}/{link}"}

    def _download(self, call: Call) -> bytes:
        code, ends = self._links.get(call.path["link"], ("", self._state.now()))
        if self._state.now() >= ends:
            raise ApiError("AccessDenied", "Request has expired.", status=403)
        return self._state.resources[code]

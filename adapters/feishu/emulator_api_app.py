"""Calls about the app itself: tokens, bot, granted scopes (feishu.md 1.2, 10)."""

from __future__ import annotations

import hmac

from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json, text
from adapters.feishu.emulator_codes import ApiError
from adapters.feishu.emulator_server import Route, TopLevel
from adapters.feishu.emulator_state import ALL_SCOPES, State
from adapters.feishu.emulator_tokens import Tokens


class AppApi:
    """Routes that need no or little more than the app's own record."""

    def __init__(self, state: State, tokens: Tokens) -> None:
        self._state = state
        self._tokens = tokens

    def routes(self) -> list[Route]:
        """The calls of this file."""
        return [
            Route(
                method="POST",
                path="/open-apis/auth/v3/tenant_access_token/internal",
                operation="auth.v3.tenant_access_token.internal",
                run=self._tenant_token,
                needs_token=False,
            ),
            Route(
                method="POST",
                path="/open-apis/auth/v3/app_access_token/internal",
                operation="auth.v3.app_access_token.internal",
                run=self._app_token,
                needs_token=False,
            ),
            Route(method="GET", path="/open-apis/bot/v3/info", operation="bot.v3.info", run=self._bot),
            Route(
                method="GET",
                path="/open-apis/application/v6/scopes",
                operation="application.v6.scope.list",
                run=self._scopes,
            ),
            Route(
                method="GET",
                path="/open-apis/application/v6/applications/:app_id",
                operation="application.v6.application.get",
                run=self._application,
            ),
        ]

    def _tenant_token(self, call: Call) -> TopLevel:
        self._check_secret(call.body)
        token, seconds = self._tokens.issue()
        return TopLevel(body={"tenant_access_token": token, "expire": seconds})

    def _app_token(self, call: Call) -> TopLevel:
        self._check_secret(call.body)
        token, seconds = self._tokens.issue()
        return TopLevel(body={"app_access_token": token, "tenant_access_token": token, "expire": seconds})

    def _check_secret(self, body: Json) -> None:
        app = self._state.app
        if text(body, "app_id") != app.app_id:
            raise ApiError(10003)
        if not hmac.compare_digest(text(body, "app_secret").encode(), app.app_secret.encode()):
            raise ApiError(10014)
        if not self._state.is_app_enabled:
            raise ApiError(99991662)

    def _bot(self, _call: Call) -> TopLevel:
        app = self._state.app
        bot: Json = {
            "activate_status": 2,
            "app_name": app.name,
            "avatar_url": "",
            "ip_white_list": [],
            "open_id": app.bot_open_id,
        }
        return TopLevel(body={"bot": bot})

    def _scopes(self, _call: Call) -> Json:
        """Granted scopes with 1, scopes that were taken away with 2."""
        wanted = sorted(ALL_SCOPES | self._state.app.scopes | self._state.scopes)
        return {
            "scopes": [
                {"scope_name": name, "grant_status": 1 if name in self._state.scopes else 2, "scope_type": "tenant"}
                for name in wanted
            ]
        }

    def _application(self, call: Call) -> Json:
        app = self._state.app
        if call.path["app_id"] not in {"me", app.app_id}:
            raise ApiError(10003)
        scopes = [{"scope": name, "token_types": ["tenant"]} for name in sorted(self._state.scopes)]
        return {"app": {"app_id": app.app_id, "app_name": app.name, "status": 1, "scopes": scopes}}

"""What administrators do with the emulated app: addresses, scopes, subscriptions, ranges, switching it off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from adapters.feishu.emulator_people import People
from adapters.feishu.emulator_state import EmulatorOptions, State
from adapters.feishu.emulator_tokens import Tokens
from adapters.feishu.emulator_webhook import Webhook


class Console:
    """The developer console and the admin console; everything is effective at once."""

    state: State
    tokens: Tokens
    webhook: Webhook
    people: People

    async def sets_webhook(self, url: str, *, callback_url: str = "") -> bool:
        """Save the request URL: false, and nothing saved, when the challenge is not answered rightly in a second."""
        if not await self.webhook.challenge(url) or (callback_url and not await self.webhook.challenge(callback_url)):
            return False
        self.webhook.event_url, self.webhook.callback_url = url, callback_url
        return True

    def configure(self, options: EmulatorOptions) -> None:
        """Change options while it runs, for example switch from webhook to stream."""
        self.state.options = options

    def change_options(self, **changes: object) -> None:
        """Change single options by name; raises TypeError for one that does not exist."""
        self.state.options = replace(self.state.options, **changes)  # type: ignore[arg-type]

    def grants(self, scope: str) -> None:
        """Give the app a scope."""
        self.state.scopes.add(scope)

    def revokes(self, scope: str) -> None:
        """Take a scope away."""
        self.state.scopes.discard(scope)

    def unsubscribes(self, event_type: str, *, is_subscribed: bool = False) -> None:
        """Take an event type off the list of subscriptions, or put it back."""
        (self.state.unsubscribed.discard if is_subscribed else self.state.unsubscribed.add)(event_type)

    def limits_contacts(self, ids: Iterable[str] | None) -> None:
        """Let the app read these departments and people only (None: all staff); it is told."""
        self.people.change_range(None if ids is None else frozenset(ids))

    def disables_app(self, *, is_enabled: bool = False) -> None:
        """Switch the app off (99991662), or on again."""
        self.state.is_app_enabled = is_enabled

    def expires_tokens(self) -> None:
        """Every access token given out so far is invalid from now on."""
        self.tokens.expire_all()

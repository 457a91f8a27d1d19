"""What administrators do with the emulated app: addresses, permissions, events, visible range, templates, switching off."""

from __future__ import annotations

from dataclasses import replace

from adapters.dingtalk.emulator_state import EmulatorOptions, State
from adapters.dingtalk.emulator_tokens import Tokens
from adapters.dingtalk.emulator_webhook import Webhook


class Console:
    """The developer console and the admin console; everything is effective at once."""

    state: State
    tokens: Tokens
    webhook: Webhook

    async def sets_webhook(self, url: str, *, robot_url: str = "") -> bool:
        """Save the address for events: false, and nothing saved, when it does not answer the check rightly.

        The address for robot messages is saved unchecked, as on the real platform.
        """
        if url and not await self.webhook.check(url):
            return False
        self.webhook.event_url, self.webhook.robot_url = url, robot_url
        return True

    def configure(self, options: EmulatorOptions) -> None:
        """Change options while it runs, for example switch from webhook to stream."""
        self.state.options = options

    def change_options(self, **changes: object) -> None:
        """Change single options by name; raises TypeError for one that does not exist."""
        self.state.options = replace(self.state.options, **changes)  # type: ignore[arg-type]

    def grants(self, scope: str) -> None:
        """Give the app a permission."""
        self.state.scopes.add(scope)

    def revokes(self, scope: str) -> None:
        """Take a permission away."""
        self.state.scopes.discard(scope)

    def unsubscribes(self, event_type: str, *, is_subscribed: bool = False) -> None:
        """Untick an event, or tick it again."""
        (self.state.unsubscribed.discard if is_subscribed else self.state.unsubscribed.add)(event_type)

    def publishes_template(self, template_id: str, *, is_published: bool = True) -> None:
        """Import a card template; as a draft it can not be used."""
        (self.state.templates.add if is_published else self.state.draft_templates.add)(template_id)

    def registers_card_route(self, key: str, url: str, secret: str) -> None:
        """Register an address for card callbacks over HTTP, as the call for it does."""
        self.state.card_routes[key] = (url, secret)

    def whitelists(self, *, is_whitelisted: bool) -> None:
        """Put the caller's address on the list of allowed ones, or take it off."""
        self.state.is_whitelisted = is_whitelisted

    def disables_app(self, *, is_enabled: bool = False) -> None:
        """Switch the app off, or on again."""
        self.state.is_app_enabled = is_enabled

    def expires_tokens(self) -> None:
        """Every access token given out so far is invalid from now on."""
        self.tokens.expire_all()

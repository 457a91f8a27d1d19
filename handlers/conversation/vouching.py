"""What a message may do whose words the platform does not vouch for: look things up, ask, say that something arrived (T3).

Whoever can write such a message can write it in anybody's name. So everything that changes a matter, and everything that
is not listed here, has to come by a card or over a connection that nobody else can speak on.
"""

from __future__ import annotations

#: commands whose worst misuse is an answer that goes to the person in whose name it was asked for
HARMLESS = frozenset(
    {
        "help", "calendar", "cancel", "todo", "confidential", "ask", "acknowledge", "why", "in_hand", "team_todo",
        "status", "group_check", "organisation", "liaison_changes", "trainings", "digest", "ledger", "weekly_report",
        "plan", "rule", "request", "request_list", "item", "tasks", "issue", "conflict", "meeting", "proposals",
        "own_score",
    }
)  # fmt: skip


def is_harmless(verb: str) -> bool:
    """May it be given by words that nobody vouches for?"""
    return verb in HARMLESS

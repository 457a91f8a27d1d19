"""Cards of proposals, one for each who has to do something: always private, facts and nothing else (domain.md 3.16)."""

from __future__ import annotations

from bot.domain.directory import Person
from bot.domain.proposal import AWARD_POINTS, CRITICISM_POINTS, MACHINE, Audience, Proposal, ProposalState
from bot.messages import ButtonStyle, CardColour, Field, FieldKind
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.scores.proposal_keeping import concerned, fact_lines, voters, whom
from handlers.words import Words, words_for

#: purposes of the cards
REVIEW, HEARING, CONFIRM, PUBLISH, APPEAL = "review", "hearing", "confirm", "publish", "appeal"
#: inputs
POINTS, SCOPE, STATEMENT = "points", "scope", "statement"
_WAITING = frozenset(
    {
        ProposalState.CANDIDATE,
        ProposalState.HEARING,
        ProposalState.PENDING_CONFIRM,
        ProposalState.CONFIRMED,
        ProposalState.APPEAL,
    }
)


def card(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a proposal as it is now; never in a group."""
    proposal = context.uow.proposals.get(code)
    if proposal is None or reader is None:
        return None
    words = words_for(context, reader)
    is_waiting = proposal.state in _WAITING
    made = matter_card(
        words,
        kind=words.say("proposal_title_award" if proposal.is_award else "proposal_title_criticism"),
        code=code,
        title=whom(proposal, words),
        state=words.say(MACHINE.state_key(proposal.state)),
        colour=CardColour.WAITING if is_waiting else CardColour.CLOSED if proposal.is_over else CardColour.DONE,
        rows=_rows(proposal, words),
        body=_body(proposal, purpose, words),
        choices=_choices(context, proposal, purpose, reader),
        fields=_fields(proposal, purpose, words),
        step=step(proposal),
    )
    return Shown(card=made, revision=proposal.version)


def step(proposal: Proposal) -> str:
    """What a card must agree with: a card of an earlier state is stale (EC-05)."""
    return proposal.state.value


def _rows(proposal: Proposal, words: Words) -> list[tuple[str, str]]:
    rows = [
        (words.say("proposal_row_whom"), whom(proposal, words)),
        (words.say("proposal_row_month"), proposal.month),
        (words.say("proposal_row_ground"), words.say(f"proposal_ground_{proposal.ground}") if proposal.ground else ""),
        (words.say("proposal_row_due"), words.due(proposal.due_at) if proposal.due_at is not None else ""),
    ]
    if proposal.points:
        points = words.say("proposal_points_value", points=f"{proposal.points:+d}", scope=proposal.scope)
        rows.append((words.say("proposal_row_points"), points))
    return rows


def _body(proposal: Proposal, purpose: str, words: Words) -> str:
    lines = [words.say("proposal_facts"), *fact_lines(proposal, words)]
    if proposal.statement:
        lines.append(words.say("proposal_statement", text=proposal.statement))
    if proposal.appeal and purpose == APPEAL:
        lines.append(words.say("proposal_appeal", text=proposal.appeal))
    if purpose == HEARING and proposal.state is ProposalState.HEARING:
        lines.append(words.say("proposal_ask_statement"))
    if purpose == PUBLISH and proposal.state is ProposalState.CONFIRMED:
        lines = [words.say("proposal_preview"), notice(proposal, words)]
    return "\n".join(lines)


def notice(proposal: Proposal, words: Words) -> str:
    """The notice as it will be published."""
    return words.say(
        "proposal_notice_award" if proposal.is_award else "proposal_notice_criticism",
        whom=whom(proposal, words),
        month=proposal.month,
        facts="\n".join(fact_lines(proposal, words)),
        points=f"{proposal.points:+d}",
        code=proposal.code,
    )


def _choices(context: Context, proposal: Proposal, purpose: str, reader: Person) -> list[Choice]:
    primary, danger = ButtonStyle.PRIMARY, ButtonStyle.DANGER
    match purpose, proposal.state:
        case "review", ProposalState.CANDIDATE:
            ask = "" if proposal.is_award else "proposal_confirm_evidence"
            forward = Choice(verb="put_forward", label="proposal_button_forward", style=primary, confirm=ask)
            drop = Choice(verb="drop_candidate", label="proposal_button_drop", style=danger, wants_reason=True)
            return [forward, drop]
        case "hearing", ProposalState.HEARING if reader.id in {p.id for p in concerned(context, proposal)}:
            return [Choice(verb="state_case", label="proposal_button_state", style=primary, submits_form=True)]
        case "confirm", ProposalState.PENDING_CONFIRM:
            confirm = Choice(verb="confirm_proposal", label="proposal_button_confirm", style=primary, submits_form=True)
            return [confirm, Choice(verb="reject", label="proposal_button_reject", style=danger, wants_reason=True)]
        case "publish", ProposalState.CONFIRMED:
            return [Choice(verb="publish_notice", label="proposal_button_publish", style=primary)]
        case "appeal", ProposalState.APPEAL if reader.id in voters(context, proposal):
            if reader.id in dict(proposal.appeal_votes):
                return []
            stands = Choice(verb="uphold_appeal", label="proposal_button_stands", style=primary)
            return [stands, Choice(verb="grant_appeal", label="proposal_button_withdraw", style=danger)]
        case _:
            return []


def _fields(proposal: Proposal, purpose: str, words: Words) -> list[Field]:
    if purpose == HEARING and proposal.state is ProposalState.HEARING:
        return [Field(name=STATEMENT, label=words.say("proposal_field_statement"), kind=FieldKind.LONG_TEXT)]
    if purpose != CONFIRM or proposal.state is not ProposalState.PENDING_CONFIRM:
        return []
    low, high = AWARD_POINTS if proposal.is_award else CRITICISM_POINTS
    points = tuple((str(n), f"{n if proposal.is_award else -n:+d}") for n in range(low, high + 1))
    scopes = tuple((a.value, a.value) for a in Audience)
    return [
        Field(name=POINTS, label=words.say("proposal_field_points"), kind=FieldKind.CHOICE, choices=points),
        Field(name=SCOPE, label=words.say("proposal_field_scope"), kind=FieldKind.CHOICE, choices=scopes),
    ]

"""A measured proposal as a patch and as the text of a merge request."""

from __future__ import annotations

from typing import Any

from bot.errors import DataError
from bot.paths import data_dir
from bot.training.proposals import patch as patch_of
from django.db import transaction

from accounts.audit import record
from accounts.wording import counted
from conversations import titles
from corrections.models import Proposal
from corrections.proposing import NotNow, User, examples_of, outdated
from corrections.results import INCOMPLETE, Change, changes, figures, reason, warning, whole


@transaction.atomic
def export(proposal: Proposal, user: User, knowing: bool) -> Proposal:
    """Close a proposal: make its patch, and let go of the conversations that its lines came from.

    Args:
        proposal: a measured one.
        user: who does it.
        knowing: whether they said to know that figures become worse.

    Raises:
        NotNow: not measured, changed since, worse without a word, or a patch that cannot be made.
    """
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state != Proposal.State.MEASURED:
        raise NotNow("Meet het voorstel eerst.")
    if not whole(proposal.result):
        raise NotNow(INCOMPLETE)
    if outdated(proposal):
        raise NotNow("De zinnen of de oefenzinnen zijn veranderd sinds de meting. Meet opnieuw.")
    if warning(proposal.result or {}) and not knowing:
        raise NotNow("Dit voorstel maakt de cijfers slechter. Vink aan dat je dat weet, of pas het aan.")
    try:
        proposal.patch = patch_of(data_dir() / "nlu", examples_of(proposal.lines.all()))
    except (DataError, OSError) as error:
        raise NotNow(f"De patch kan niet gemaakt worden: {reason(str(error))}") from error
    proposal.request = request_text(proposal)
    proposal.state = Proposal.State.EXPORTED
    proposal.save()
    proposal.lines.update(conversation="", correction=None)
    detail = "slechtere cijfers aanvaard" if warning(proposal.result or {}) else ""
    record(user, "voorstel.uitgevoerd", proposal, detail)
    return proposal


def request_text(proposal: Proposal) -> str:
    """Return the text of a merge request, in Markdown, with the figures."""
    result: dict[str, Any] = proposal.result or {}
    lines = list(proposal.lines.all())
    told = warning(result)
    parts = [
        f"# {proposal.title}",
        "",
        f"{counted(len(lines), 'zin', 'zinnen')} uit de leesconsole, nagelezen door medewerkers. "
        f"Gemeten op {result.get('messages')} oefenzinnen, telkens op schrijvers waarvan niets geleerd was.",
        "",
        *([f"**Let op: {told}**", ""] if told else []),
        "| cijfer | voor | na | verschil | slechter vanaf |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    parts += [
        f"| {row.title} | {row.before} | {row.after} | {row.difference}{' ⚠' if row.worse else ''} | {row.tolerance} |"
        for row in figures(result)
    ]
    different = [row for row in changes(result) if row.moved]
    parts += ["", f"## Bedoelingen die veranderen ({len(different)})", ""]
    if different:
        parts += [
            "| bedoeling | zinnen | herkend voor | na | verschil |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]
        parts += [_row(row) for row in different]
    parts += ["", "## Zinnen", ""]
    parts += [f"* `{line.intent}` ({titles.intent(line.intent)}): {_escaped(line.text)}" for line in lines]
    parts += [
        "",
        "Toepassen: `git apply voorstel.patch`, daarna `stadsbot data report` en `make train`.",
        "",
        f"Versie van de oefenzinnen bij de meting: `{result.get('data')}`.",
    ]
    return "\n".join(parts) + "\n"


def _row(row: Change) -> str:
    return (
        f"| {row.title} (`{row.intent}`) | {row.messages} | {row.before} | {row.after} | {row.difference} |"
    )


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in text)

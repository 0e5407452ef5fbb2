"""From corrections to a patch: who may what in which state, what is remembered, what erasing leaves."""

from __future__ import annotations

import dataclasses
import subprocess

import pytest
from bot.training import spool as files
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEntry
from corrections import proposing
from corrections.exporting import request_text
from corrections.models import Correction, Line, Proposal
from corrections.proposing import NotNow
from tests.feed import conversation
from tests.proposals import TEXT, correction_of, finish, measured, result


@pytest.fixture
def correction(db_all):
    """Make a correction of a message of its own conversation."""
    return correction_of


@pytest.fixture
def spool(tmp_path, settings):
    """A spool of this test's own."""
    settings.CONFIG = dataclasses.replace(settings.CONFIG, var_dir=tmp_path)
    return proposing.spool()


@pytest.fixture
def editor(person):
    return person(Role.EDITOR)


@pytest.fixture
def proposal(correction, spool, editor):
    """A proposal of one approved correction."""
    one = correction()
    proposing.decide([one.pk], editor, approved=True)
    return proposing.create("Geld in dialect", [one.pk], editor)


def actions(thing) -> list[str]:
    return list(
        AuditEntry.objects.filter(kind=thing._meta.model_name, number=thing.pk).values_list(
            "action", flat=True
        )
    )


def test_approve_refuse_and_take_back(correction, editor):
    one, two = correction(1), correction(2)
    assert proposing.decide([one.pk, two.pk, 999], editor, approved=True) == 2
    assert proposing.decide([one.pk], editor, approved=True) == 0
    with pytest.raises(NotNow):
        proposing.decide([one.pk], editor, approved=False, reason=" ")
    assert proposing.decide([one.pk], editor, approved=False, reason="te vaag") == 1
    one.refresh_from_db()
    assert (one.state, one.history.first().history_change_reason) == ("geweigerd", "te vaag")
    assert actions(one) == ["verbetering.geweigerd", "verbetering.goedgekeurd"]


def test_what_has_no_intent_cannot_be_approved(correction, editor):
    unclear = correction(1, intent="", state="open")
    assert proposing.decide([unclear.pk], editor, approved=True) == 0


@pytest.mark.parametrize("title", ["", "  "])
def test_a_proposal_has_a_title(correction, editor, spool, title):
    with pytest.raises(NotNow, match="titel"):
        proposing.create(title, [correction().pk], editor)


def test_only_what_is_approved_and_each_once(correction, editor, spool):
    one = correction()
    with pytest.raises(NotNow, match="niet"):
        proposing.create("Geld", [one.pk], editor)
    proposing.decide([one.pk], editor, approved=True)
    proposing.create("Geld", [one.pk], editor)
    with pytest.raises(NotNow, match="niet"):
        proposing.create("Nog eens", [one.pk], editor)
    one.refresh_from_db()
    assert one.state == Correction.State.USED


def test_the_lines_are_checked_and_the_job_is_cleared_away(proposal, spool):
    job, line = proposal.check_job, proposal.lines.get()
    assert files.read(spool.root / job / "job.json")["conversations"] == [line.conversation]
    finding = {"kind": "conflict", "text": "wat kost dat", "intent": "unia", "file": "x.yml"}
    finish(
        spool,
        job,
        "result.json",
        {"data": "x", "lines": {str(line.pk): {"line": TEXT, "findings": [finding]}}},
    )
    proposing.refresh(proposal)
    proposal.refresh_from_db()
    assert proposal.checked["lines"][str(line.pk)]["findings"] == [finding]
    assert proposal.check_job == ""


def test_changing_a_line_makes_figures_void_and_keeps_marks_in_place(proposal, spool, editor):
    line = proposal.lines.get()
    line.text, line.entities = (
        "bij de  juf was ik den bruine",
        [
            {"entity": "domein", "value": "onderwijs", "start": 8, "end": 11},
            {"entity": "grond", "value": "afkomst", "start": 23, "end": 29},
        ],
    )
    line.save()
    measured(spool, proposal, editor)
    lost = proposing.edit(line, "in de klas bij de juf was ik zwart", editor)
    assert [e["value"] for e in lost] == ["afkomst"]
    line.refresh_from_db()
    assert line.entities == [{"entity": "domein", "value": "onderwijs", "start": 18, "end": 21}]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.result) == (Proposal.State.DRAFT, None)
    with pytest.raises(NotNow):
        proposing.edit(line, " ", editor)


def test_dropping_and_discarding_free_the_correction(proposal, editor, correction, spool):
    line = proposal.lines.get()
    one = line.correction
    proposing.drop(line, editor)
    one.refresh_from_db()
    assert one.state == Correction.State.APPROVED
    with pytest.raises(NotNow, match="geen zinnen"):
        proposing.measure(proposal, editor)
    proposing.discard(proposal, editor)
    assert not Proposal.objects.exists()


def test_a_line_that_cannot_be_written_is_not_measured(proposal, editor, spool):
    line = proposal.lines.get()
    proposal.checked = {"lines": {str(line.pk): {"findings": [{"kind": "unwritable"}]}}}
    proposal.save()
    with pytest.raises(NotNow, match="Pas ze aan"):
        proposing.measure(proposal, editor)


def test_measuring_from_queue_to_result(proposal, editor, spool):
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    assert proposing.refresh(proposal).status == "waiting"
    with pytest.raises(NotNow, match="gemeten"):
        proposing.edit(proposal.lines.get(), "iets anders", editor)
    finish(spool, proposal.job, "progress.json", {"percent": 40, "step": "with", "attempts": 1})
    assert proposing.refresh(proposal).percent == 40
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.RUNNING
    finish(spool, proposal.job, "result.json", result(proposal))
    proposing.refresh(proposal)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.MEASURED and not proposing.outdated(proposal)
    assert actions(proposal) == ["voorstel.gemeten", "voorstel.meten", "voorstel.gemaakt"]


@pytest.mark.parametrize("end", ["error", "gone"])
def test_a_measurement_that_fails_says_so(proposal, editor, spool, end):
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    if end == "error":
        finish(spool, proposal.job, "error.json", {"message": "MemoryError"})
    else:
        spool.remove(proposal.job)
    proposing.refresh(proposal)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.FAILED and proposal.error
    proposing.measure(proposal, editor)


def test_stopping(proposal, editor, spool):
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    job = proposal.job
    proposing.cancel(proposal, editor)
    assert spool.state(job).status == "gone"
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT


def export(client: Client, proposal: Proposal, **data: str):
    return client.post(reverse("corrections:act", args=[proposal.pk, "uitvoeren"]), data, follow=True)


def test_export_only_after_measuring(proposal, spool, signed_in, tmp_path):
    """The patch applies, names what it adds, and the lines forget their conversation."""
    client = signed_in(Role.ADMINISTRATOR)
    assert "Meet het voorstel eerst" in export(client, proposal).text
    page = reverse("corrections:download", args=[proposal.pk, "patch"])
    assert client.get(page).status_code == 404
    measured(spool, proposal, None)
    assert "Patch downloaden" in export(client, proposal).text
    patch = client.get(page)
    assert patch["Content-Disposition"].endswith('.patch"')
    (tmp_path / "copy").mkdir()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "copy", input=patch.content, check=True)
    added = (tmp_path / "copy" / "data" / "nlu" / "complaints-console.yml").read_text()
    assert f"      - {TEXT}\n" in added
    text = client.get(reverse("corrections:download", args=[proposal.pk, "tekst"])).content.decode()
    assert "| Juist begrepen | 80,00 % | 81,00 % | +1,00 punt | 0,10 punt |" in text and TEXT in text
    line = proposal.lines.get()
    assert (line.conversation, line.correction) == ("", None)
    proposal.refresh_from_db()
    assert {"voorstel.patch", "voorstel.tekst", "voorstel.uitgevoerd"} <= set(actions(proposal))
    with pytest.raises(NotNow, match="uitgevoerd"):
        proposing.discard(proposal, None)


@pytest.mark.parametrize(("worse", "word"), [("safety_recall", "veiligheid"), ("accuracy", "geheel")])
def test_worse_is_said_in_words_and_must_be_accepted(proposal, spool, signed_in, worse, word):
    client = signed_in(Role.ADMINISTRATOR)
    measured(spool, proposal, None, worse)
    page = client.get(reverse("corrections:proposal", args=[proposal.pk])).text
    assert f"dit voorstel maakt {'de veiligheid' if word == 'veiligheid' else 'het geheel'} slechter" in page
    assert "Vink aan dat je dat weet" in export(client, proposal).text
    assert "Patch downloaden" in export(client, proposal, weet="ja").text
    proposal.refresh_from_db()
    assert "Let op: dit voorstel maakt" in request_text(proposal)


def test_figures_of_other_lines_do_not_count(proposal, spool, editor, signed_in, correction):
    """As after erasing: the line is gone without anybody touching the proposal."""
    measured(spool, proposal, editor)
    Line.objects.filter(conversation=conversation(1)).delete()
    assert proposing.outdated(proposal)
    assert "veranderd sinds de meting" in export(signed_in(Role.ADMINISTRATOR), proposal).text


def test_progress_is_silent_when_nothing_changed(proposal, spool, editor, signed_in):
    client = signed_in(Role.ADMINISTRATOR)
    finish(spool, proposal.check_job, "result.json", {"data": "x", "lines": {}})
    proposing.refresh(proposal)
    proposing.measure(proposal, editor)
    address = reverse("corrections:progress", args=[proposal.pk])
    first = client.get(address)
    assert 'role="progressbar"' in first.text and "De meetdienst draait niet" in first.text
    seen = first.context["seen"]
    assert client.get(address, {"gezien": seen}).status_code == 204
    proposal.refresh_from_db()
    with spool.locked():
        finish(spool, proposal.job, "progress.json", {"percent": 40, "step": "with", "attempts": 1})
        assert "40 %: leert en test met het voorstel" in client.get(address, {"gezien": seen}).text
    finish(spool, proposal.job, "result.json", result(proposal))
    assert client.get(address)["HX-Refresh"] == "true"


def test_pages_with_many_corrections(correction, signed_in, spool, editor):
    for number in range(1, 53):
        correction(number)
    client = signed_in(Role.ADMINISTRATOR)
    address = reverse("corrections:corrections")
    page = client.get(address)
    assert page.text.count('name="verbetering"') == 50 and "Bladzijde 1 van 2" in page.text
    assert client.get(address, {"staat": "gebruikt"}).status_code == 404
    decide = reverse("corrections:decide")
    assert "Vink eerst" in client.post(decide, {"actie": "goedkeuren"}, follow=True).text
    numbers = list(Correction.objects.values_list("pk", flat=True)[:3])
    done = client.post(decide, {"actie": "goedkeuren", "verbetering": numbers}, follow=True)
    assert "3 verbeteringen goedgekeurd" in done.text
    made = client.post(
        decide,
        {"actie": "voorstel", "verbetering": numbers, "titel": "Geld", "staat": "goedgekeurd"},
        follow=True,
    )
    assert made.text.count(TEXT.replace("'", "&#x27;")) >= 3
    assert "Geld" in client.get(reverse("corrections:proposals")).text
    line = Line.objects.first()
    edited = client.post(
        reverse("corrections:line", args=[line.proposal_id, line.pk]),
        {"tekst": "wat kost een babbel"},
        follow=True,
    )
    assert "De zin is gewijzigd" in edited.text
    gone = client.post(
        reverse("corrections:line", args=[line.proposal_id, line.pk]), {"actie": "weg"}, follow=True
    )
    assert "uit het voorstel" in gone.text
    thrown = client.post(reverse("corrections:act", args=[line.proposal_id, "weggooien"]), follow=True)
    assert "weggegooid" in thrown.text
    assert client.post(reverse("corrections:act", args=[999, "meten"])).status_code == 404

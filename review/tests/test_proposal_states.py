"""States that a proposal is found in after something else went its own way: no page fails, and nothing is lost.

Each state is tried on every address that shows or changes a proposal; what the page says then is a test of its own.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from bot.training.spool import Spool
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from conversations import titles
from corrections import intents, proposing
from corrections.models import Correction, Line, Proposal
from tests.feed import conversation
from tests.proposals import TEXT, correction_of, finish, measured, result, two_lines

MESSAGES = """version: "3.1"
nlu:
  - intent: kosten
    metadata: {stem: a}
    examples: |
      - moet ik betalen voor een gesprek bij jullie
  - intent: ervaring_discriminatie
    metadata: {stem: a}
    examples: |
      - mijn [baas]{"entity": "domein", "value": "werk"} pest mij
"""


@pytest.fixture
def spool(tmp_path: Path, settings: Any) -> Spool:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, var_dir=tmp_path / "var")
    return proposing.spool()


@pytest.fixture
def nlu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Training messages of this test's own, which it may spoil."""
    titles.content()  # as console.wsgi: the answers are read when the console starts
    folder = tmp_path / "data" / "nlu"
    folder.mkdir(parents=True)
    (folder / "complaints-a.yml").write_text(MESSAGES)
    monkeypatch.setenv("STADSBOT_DATA", str(folder.parent))
    proposing._carriers.cache_clear()
    return folder


@pytest.fixture
def editor(person: Callable[..., User]) -> User:
    return person(Role.EDITOR)


@pytest.fixture
def proposal(spool: Spool, nlu: Path, editor: User) -> Proposal:
    return two_lines(editor, "Geld en school")


@pytest.fixture
def client(editor: User) -> Client:
    """The editor's; an error in a page is an answer with status 500, as for a person."""
    client = Client(raise_request_exception=False)
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, proposal: Proposal) -> str:
    answer = client.get(reverse("corrections:proposal", args=[proposal.pk]))
    assert answer.status_code == 200
    return str(answer.text)


def queued(proposal: Proposal, editor: User) -> Proposal:
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    return proposal


# The states. Each takes the proposal, the spool, the folder of training messages and the editor.


def _as_it_was_made(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    pass


def _result_without_parts(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    Proposal.objects.update(result={"verdict": "good"})


def _result_empty(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    Proposal.objects.update(result={})


def _result_of_an_older_shape(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    """Before tolerances and precision, with a figure that was given up since."""
    measured(spool, proposal, editor)
    old = result(proposal)
    old["overall"] = [{"figure": "macro_f1", "before": 0.8, "after": 0.81}]
    old["intents"] = [{"intent": "kosten", "messages": 3, "recall": 0.9, "recall_after": 0.8}]
    old["own"] = [{"number": proposal.lines.first().pk, "before": "kosten", "after": "unia"}]
    Proposal.objects.update(result=old)


def _result_is_a_list(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    Proposal.objects.update(result=[1, 2])


def _result_file_half_written(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    job = queued(proposal, editor).job
    (spool.root / job / "result.json").write_text('{"data": "x", "overall": [')


def _result_file_without_parts(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    finish(spool, queued(proposal, editor).job, "result.json", {"data": "x"})


def _progress_file_half_written(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    job = queued(proposal, editor).job
    (spool.root / job / "progress.json").write_text("")


def _progress_without_figures(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    finish(spool, queued(proposal, editor).job, "progress.json", {"attempts": 1})


def _error_file_half_written(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    job = queued(proposal, editor).job
    (spool.root / job / "error.json").write_text("{")


def _job_file_gone(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    (spool.root / queued(proposal, editor).job / "job.json").unlink()


def _all_jobs_gone(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    queued(proposal, editor)
    shutil.rmtree(spool.root)


def _jobs_not_reachable(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    """As with a full disk or wrong rights; a file where the folder should be gives the same errors, also to root."""
    queued(proposal, editor)
    shutil.rmtree(spool.root)
    spool.root.write_text("")


def _measuring_without_a_job(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    Proposal.objects.update(state=Proposal.State.RUNNING, job="")


def _a_strange_folder_among_the_jobs(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    queued(proposal, editor)
    (spool.root / "lost+found").mkdir()
    (spool.root / "oud").mkdir()


def _check_of_an_older_shape(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    first, second = proposal.lines.values_list("pk", flat=True)
    lines = {str(first): {"findings": [{"kind": "duplicate"}, {"kind": "nieuw"}, "x"]}, str(second): None}
    Proposal.objects.update(check_job="", checked={"lines": lines})


def _check_without_lines(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    Proposal.objects.update(check_job="", checked={"lines": None})


def _check_file_half_written(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    (spool.root / proposal.check_job / "result.json").write_text("[1")


def _marks_without_a_place(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    marks = [{"entity": "domein", "value": "werk", "start": None, "end": None}, {"entity": "grond"}]
    Line.objects.update(entities=marks)


def _training_messages_gone(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    shutil.rmtree(nlu)


def _training_messages_half_saved(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    (nlu / "complaints-a.yml").write_text('version: "3.1"\nnlu:\n  - intent: "kost\n')


def _training_messages_in_another_shape(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    (nlu / "complaints-a.yml").write_text("- intent: kosten\n")


def _training_messages_empty(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    (nlu / "complaints-a.yml").write_text("")


def _training_messages_no_text(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    (nlu / "complaints-a.yml").write_bytes(b"nlu: \xff\xfe\x00")


def _file_of_the_console_spoilt(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    (nlu / "complaints-console.yml").write_text('version: "3.1"\n')
    measured(spool, proposal, editor)


def _intent_gone(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    Line.objects.update(intent="afgeschaft")
    measured(spool, proposal, editor)


def _without_its_maker(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    User.objects.create_user("iemand")
    Proposal.objects.update(by=User.objects.get(username="iemand"))
    Correction.objects.update(by=User.objects.get(username="iemand"))
    User.objects.get(username="iemand").delete()


def _message_purged(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    """Retention takes the message before its correction, and does so without Django."""
    measured(spool, proposal, editor)
    with connection.cursor() as cursor:
        for table in ("conversations_message", "conversations_conversation"):
            cursor.execute(f"DELETE FROM {table}")


def _everything_purged(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    measured(spool, proposal, editor)
    with connection.cursor() as cursor:
        for name in ("corrections_line", "corrections_correction", "conversations_message"):
            cursor.execute(f"DELETE FROM {name}")


def _correction_purged(proposal: Proposal, spool: Spool, nlu: Path, editor: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM corrections_correction")


def _one_conversation_erased_while_measuring(
    proposal: Proposal, spool: Spool, nlu: Path, editor: User
) -> None:
    queued(proposal, editor)
    with connection.cursor() as cursor:
        for name in ("corrections_line", "corrections_correction", "conversations_message"):
            cursor.execute(f"DELETE FROM {name} WHERE conversation = %s", [conversation(1)])
    spool.forget(conversation(1))


STATES = [
    _as_it_was_made, _result_without_parts, _result_empty, _result_of_an_older_shape, _result_is_a_list,
    _result_file_half_written, _result_file_without_parts, _progress_file_half_written, _progress_without_figures,
    _error_file_half_written, _job_file_gone, _all_jobs_gone, _jobs_not_reachable, _measuring_without_a_job,
    _a_strange_folder_among_the_jobs, _check_of_an_older_shape, _check_without_lines, _check_file_half_written,
    _marks_without_a_place, _training_messages_gone, _training_messages_half_saved,
    _training_messages_in_another_shape, _training_messages_empty, _training_messages_no_text,
    _file_of_the_console_spoilt, _intent_gone, _without_its_maker, _message_purged, _everything_purged,
    _correction_purged, _one_conversation_erased_while_measuring,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
def test_no_page_fails(
    proposal: Proposal,
    spool: Spool,
    nlu: Path,
    editor: User,
    client: Client,
    state: Callable[[Proposal, Spool, Path, User], None],
) -> None:
    """Must show: reading twice, then everything that can be done, answers below 500; no line goes that was not erased."""
    state(proposal, spool, nlu, editor)
    lines = list(Line.objects.values_list("pk", "text"))
    shown = [("proposal", [proposal.pk]), ("progress", [proposal.pk]), ("proposals", []), ("corrections", [])]
    failed = []

    def tried(name: str, arguments: list[Any], method: str = "get", **data: str) -> None:
        send = client.get if method == "get" else client.post
        answer = send(reverse(f"corrections:{name}", args=arguments), data, follow=True)
        if answer.status_code >= 500:
            failed.append(f"{name} {arguments} {data}: {answer.exc_info[1]!r}")

    for name, arguments in shown * 2:
        tried(name, arguments)
    for number, text in lines:
        tried("line", [proposal.pk, number], "post", tekst=text + " zeg")
    for action in ("uitvoeren", "vergelijken", "meten", "stoppen", "uitvoeren"):
        tried("act", [proposal.pk, action], "post")
        tried("proposal", [proposal.pk])
    assert [pair[0] for pair in lines] == list(Line.objects.values_list("pk", flat=True))
    tried("act", [proposal.pk, "weggooien"], "post")
    tried("corrections", [], staat="goedgekeurd")
    assert not failed, "\n".join(failed)


def post(client: Client, proposal: Proposal, action: str) -> str:
    return str(client.post(reverse("corrections:act", args=[proposal.pk, action]), follow=True).text)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (_result_without_parts, "onvolledig of van een andere versie. Meet opnieuw"),
        (_result_of_an_older_shape, "onvolledig of van een andere versie. Meet opnieuw"),
        (_result_file_half_written, "De meting is mislukt: De uitkomst van de meting is onvolledig"),
        (_all_jobs_gone, "De meting is mislukt: De meting is er niet meer"),
        (_jobs_not_reachable, "De map met metingen is niet bereikbaar. Er is niets verloren"),
        (_training_messages_gone, "De oefenzinnen kunnen nu niet gelezen worden"),
        (_training_messages_half_saved, "complaints-a.yml kan niet gelezen worden. Verwittig een beheerder."),
        (_training_messages_no_text, "complaints-a.yml kan niet gelezen worden. Verwittig een beheerder."),
        (_intent_gone, "bestaat niet meer"),
        (_everything_purged, "hun gesprek is gewist, of hun bewaartermijn is voorbij"),
        (_one_conversation_erased_while_measuring, "een gesprek is gewist, of ze lag te lang"),
    ],
    ids=lambda value: getattr(value, "__name__", None) and value.__name__.strip("_"),
)
def test_what_the_page_says(
    proposal: Proposal, spool: Spool, nlu: Path, editor: User, client: Client, state: Any, words: str
) -> None:
    state(proposal, spool, nlu, editor)
    assert words in page(client, proposal)


@pytest.mark.parametrize("state", [_result_without_parts, _result_of_an_older_shape, _result_empty])
def test_an_incomplete_measurement_gives_no_patch(
    proposal: Proposal, spool: Spool, nlu: Path, editor: User, client: Client, state: Any
) -> None:
    state(proposal, spool, nlu, editor)
    assert "Meet opnieuw" in post(client, proposal, "uitvoeren")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.patch) == (Proposal.State.MEASURED, "")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("its process ended 2 times without a result", "viel twee keer stil"),
        ("MemoryError", "te weinig geheugen"),
        ("there is no intent afgeschaft", "de bedoeling afgeschaft bestaat niet"),
        ("KeyError", "onverwachte fout (KeyError)"),
        ("no reason given", "onverwachte fout (no reason given)"),
        ("/x/data/nlu/complaints-a.yml:4: found unexpected end", "complaints-a.yml kan niet gelezen worden"),
    ],
)
def test_why_comparing_failed_and_once_more(
    proposal: Proposal, spool: Spool, client: Client, error: str, words: str
) -> None:
    finish(spool, proposal.check_job, "error.json", {"message": error})
    shown = page(client, proposal)
    assert words in shown and "Opnieuw vergelijken" in shown
    assert "De zinnen worden vergeleken" in post(client, proposal, "vergelijken")


def test_jobs_are_left_again_once_the_folder_is_back(
    proposal: Proposal, spool: Spool, nlu: Path, editor: User, client: Client
) -> None:
    """Without the folder: no job, but the line is changed as was asked; afterwards all goes on by itself."""
    shutil.rmtree(spool.root)
    spool.root.write_text("")
    line = proposal.lines.first()
    changed = client.post(
        reverse("corrections:line", args=[proposal.pk, line.pk]), {"tekst": "wat kost da"}, follow=True
    )
    assert "De zin is gewijzigd" in changed.text and "niet bereikbaar" in changed.text
    assert "niet bereikbaar" in post(client, proposal, "meten")
    spool.root.unlink()
    shown = page(client, proposal)
    assert (
        "niet bereikbaar" not in shown and "De zinnen worden vergeleken" in shown and "wat kost da" in shown
    )


def test_a_correction_outlives_its_message_in_the_list(
    proposal: Proposal, editor: User, client: Client
) -> None:
    """The message goes by its own age, before the correction: it still can be approved."""
    kept = correction_of(3, "kost da geld")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM conversations_message WHERE id = %s", [kept.message_id])
    address = reverse("corrections:corrections")
    assert "kost da geld" in client.get(address).text
    done = client.post(
        reverse("corrections:decide"), {"actie": "goedkeuren", "verbetering": kept.pk}, follow=True
    )
    assert "1 verbetering goedgekeurd" in done.text
    assert "kost da geld" in client.get(address, {"staat": "goedgekeurd"}).text


def test_an_erased_line_is_not_brought_back(proposal: Proposal, editor: User) -> None:
    """Erased between opening the form and saving it."""
    line = proposal.lines.first()
    Line.objects.filter(pk=line.pk).delete()
    with pytest.raises(proposing.NotNow, match="er niet meer"):
        proposing.edit(line, "iets anders", editor)
    with pytest.raises(proposing.NotNow, match="er niet meer"):
        proposing.drop(line, editor)
    assert not Line.objects.filter(pk=line.pk).exists()


def test_findings_hold_no_words_of_a_conversation(proposal: Proposal, spool: Spool, client: Client) -> None:
    """What a job writes of the lines themselves is not kept: erasing a conversation does not reach it there."""
    first, second = proposal.lines.all()
    like = {"kind": "near", "text": "", "intent": "kosten", "file": "", "other": first.pk}
    lines = {
        str(first.pk): {"line": f"- {first.text}", "findings": []},
        str(second.pk): {"line": "- x", "findings": [like]},
    }
    finish(spool, proposal.check_job, "result.json", {"data": "x", "lines": lines})
    assert (
        page(client, proposal).count(TEXT.replace("'", "&#x27;")) == 3
    )  # itself, in its form, and with the other
    proposal.refresh_from_db()
    assert TEXT not in str(proposal.checked)
    first.delete()
    assert TEXT.replace("'", "&#x27;") not in page(client, proposal)


def test_findings_that_were_kept_with_words_lose_them(proposal: Proposal) -> None:
    """The migration of what earlier versions kept."""
    clear = import_module("corrections.migrations.0003_findings_without_words").clear
    other = {"kind": "near", "text": "woorden van een burger", "intent": "kosten", "file": ""}
    known = {**other, "text": "een oefenzin", "file": "complaints-a.yml"}
    personal = {"kind": "personal", "text": "adres", "intent": "", "file": ""}
    Proposal.objects.update(checked={"lines": {"1": {"line": "x", "findings": [other, known, personal]}}})
    clear(apps, None)
    proposal.refresh_from_db()
    assert proposal.checked == {"lines": {"1": {"findings": [{**other, "text": ""}, known, personal]}}}


def test_thrown_away_at_this_very_moment(
    proposal: Proposal, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object) -> None:
        raise Proposal.DoesNotExist

    for name in ("refresh", "measure"):
        monkeypatch.setattr(proposing, name, late)
    for name in ("proposal", "progress"):
        assert client.get(reverse(f"corrections:{name}", args=[proposal.pk])).status_code == 404
    assert (
        client.post(reverse("corrections:act", args=[proposal.pk, "meten"])).status_code == 302
    )  # back to it, or to the list


@pytest.mark.parametrize("number", [0, 10**9, 10**30])
def test_numbers_that_do_not_exist(proposal: Proposal, client: Client, number: int) -> None:
    assert client.get(f"/voorstellen/{number}/").status_code == 404
    assert client.post(f"/voorstellen/{proposal.pk}/zin/{number}/", {"actie": "weg"}).status_code == 404
    answer = client.post(
        reverse("corrections:decide"), {"actie": "goedkeuren", "verbetering": str(number)}, follow=True
    )
    assert answer.status_code == 200 and not Correction.objects.filter(state="open").exists()


def test_intents_are_found_while_the_training_messages_cannot_be_read(client: Client, nlu: Path) -> None:
    intents._messages.cache_clear()
    try:
        (nlu / "complaints-a.yml").write_text("nlu: [")
        assert "Hoe kan ik melden?" in client.get(reverse("corrections:intents"), {"zoek": "melden"}).text
    finally:
        intents._messages.cache_clear()

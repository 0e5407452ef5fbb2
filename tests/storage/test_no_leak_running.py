"""Identifiers in any notation, told to everything that `make run` starts: none is in any file afterwards, nor while it waits."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import quote

import httpx
import pytest

from bot.nlu.doubt import SAFETY
from bot.ops import review
from tests.assistant import started
from tests.channels.whatsapp import graph as stand_in
from tests.channels.whatsapp.people import Meta, contact, environment
from tests.privacy.generate import drawn
from tests.staff import administrator, numbers_in, stadsbot, until

from .leaks import count, leaks, written

pytestmark = pytest.mark.server
PARTS = ("rasa", "acties", "console", "ingest", "privacy")
MESSAGES = 60
STORES = {"conversations.db", "reviewlog.db", "statistics.db", "feedback.db", "messaging.db", "review.db"}
PREPARE = "help mij mijn melding voorbereiden"
PREPARED = 6  # questions of the guided preparation
PLACEHOLDERS = ("[telefoonnummer]", "[rijksregisternummer]", "[rekeningnummer]", "[e-mail]", "[nummerplaat]")
SEARCHED = 12  # the console is asked for one in so many identifiers
PATIENCE = 120.0  # seconds
# Everything is written that can be, and nobody has to wait between two messages.
LOUD = {
    "LOG_LEVEL": "DEBUG",
    "LOG_LEVEL_LIBRARIES": "DEBUG",
    "STADSBOT_RATE_SESSION": "10000",
    "STADSBOT_RATE_CLIENT": "10000",
}


class City:
    """A running assistant, who talked to it, and what they told that nobody may find."""

    def __init__(self, assistant, graph):
        self.assistant, self.graph, self.var = assistant, graph, assistant.var_dir
        self.meta = Meta(graph, f"{assistant.rasa}/webhooks/whatsapp")
        self.meta.report_statuses()
        self.phones = []
        self.secrets = {"wamid", contact("")["profile"]["name"]}

    def phone(self):
        """A number that is new; it may be found neither as the network writes it nor as people do."""
        number = f"3248{len(self.phones):03}5819"
        self.phones.append(number)
        self.secrets |= {number, f"0{number[2:]}"}
        return number

    def hear(self, told):
        """Note what is told from now on; return the texts."""
        self.secrets |= {secret for _, secrets in told for secret in secrets}
        return [text for text, _ in told]

    def look(self):
        """Return all files, in which there is nothing of anybody."""
        files = written(self.var)
        assert leaks(files, self.secrets) == []
        return files

    def waiting(self, table):
        return count(self.var / "messaging.db", f"messaging_{table}")


def test_no_file_holds_an_identifier_while_everything_runs(tmp_path):
    if not (review.FOLDER / ".venv").exists():
        pytest.skip("the console's environment is not set up: make setup")
    told = drawn(MESSAGES)
    rest, web, whatsapp = told[0::3], told[1::3], told[2::3]
    with contextlib.ExitStack() as stack:
        graph = stand_in.Graph()
        server = stand_in.serve(graph)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        extra = {**environment(graph, f"http://127.0.0.1:{server.server_address[1]}"), **LOUD}
        city = City(stack.enter_context(started(tmp_path / "var", PARTS, extra=extra)), graph)
        over_rest(city, rest)
        over_web(city, web)
        answers_wait(city, whatsapp[: len(whatsapp) // 2])
        messages_wait(city, whatsapp[len(whatsapp) // 2 :])
        staff_read(city)
        assert stadsbot(city.assistant, "privacy", "purge").returncode == 0
        everything_arrived(city)
    city.look()  # what the parts wrote while they stopped


def over_rest(city, told):
    """Each in a conversation of its own under a number, some in a guided preparation."""
    for text in city.hear(told):
        assert city.assistant.say(f"+{city.phone()}", text)
    sender = f"+{city.phone()}"
    typed = preparation(city, told)
    for text in typed:
        replies = city.assistant.say(sender, text)
    given_back(typed, [reply.get("text", "") for reply in replies])


def preparation(city, told):
    """What is typed in a guided preparation: not what is taken for a call for help, which would interrupt it."""
    answers = [f"Dit is {secret}." for _, secrets in told for secret in secrets]
    quiet = [text for text in answers if city.assistant.parse(text)["intent"]["name"] not in SAFETY]
    assert len(quiet) >= PREPARED
    return [PREPARE, *quiet[:PREPARED]]


def given_back(typed, texts):
    """The text at the end of a guided preparation holds everything as it was typed."""
    whole = "\n".join(texts)
    assert [text for text in typed[1:] if text not in whole] == []


def over_web(city, told):
    """Four messages a session; every answer gets a thumb, with an identifier for a word."""
    texts = city.hear(told)
    with httpx.Client(base_url=f"{city.assistant.rasa}/webhooks/web", timeout=60) as client:
        for number, (text, (_, secrets)) in enumerate(zip(texts, told, strict=True)):
            if number % 4 == 0:
                token = client.post("/session", json={}).json()["token"]
                client.headers["Authorization"] = f"Bearer {token}"
            body = {"id": f"{city.phone()}-{number}", "text": text}
            replies = client.post("/message", json=body).json()["messages"]
            thumb = {"message_id": replies[0]["id"], "value": "down", "word": secrets[0]}
            client.post("/feedback", json=thumb).raise_for_status()


def answers_wait(city, told):
    """Meta takes nothing for a while. What waits then holds all that one of them said in a guided preparation."""
    texts = city.hear(told)

    def refuse(_):
        raise stand_in.Refused(503, 131016, "Service unavailable")

    taken, city.graph.fail = city.graph.fail, refuse
    preparing = city.phone()
    typed = preparation(city, told)
    for text in typed:
        city.meta.say(preparing, text)
    others = [city.phone() for _ in texts]
    for phone, text in zip(others, texts, strict=True):
        city.meta.say(phone, text)
    until(lambda: not city.waiting("inbox"), PATIENCE)
    assert city.graph.wait(lambda: len(city.graph.refused) > len(others), PATIENCE)
    assert city.waiting("outbox") > PREPARED + len(others)
    city.look()
    city.graph.fail = taken
    for phone in others:
        city.meta.answers(phone, 1, PATIENCE)
    until(lambda: not city.waiting("outbox"), PATIENCE)
    given_back(typed, [sent.text for sent in city.graph.to(preparing)])


def messages_wait(city, told):
    """Rasa is killed while it answers. Half of a turn is on disk then, and what nobody answered yet."""
    texts = city.hear(told)
    phones = [city.phone() for _ in texts]
    messages = [
        city.meta.message(phone, "text", {"body": text}) for phone, text in zip(phones, texts, strict=True)
    ]
    body = city.meta.update(messages=messages, contacts=[contact(phone) for phone in phones])
    assert city.meta.post(body) == 200
    rasa = city.assistant.processes["rasa"]
    rasa.kill()
    rasa.wait(timeout=60)
    assert city.waiting("inbox")
    assert (city.var / "messaging.db-wal").stat().st_size
    city.look()
    city.assistant.start("rasa")
    for phone in phones:
        city.meta.answers(phone, 1, PATIENCE)
    until(lambda: not city.waiting("outbox"), PATIENCE)


def staff_read(city):
    """Staff see every conversation and find no identifier; a correction becomes a proposal, and so a file for the worker."""
    staff = administrator(city.assistant)
    rows = until(lambda: (total := heard(city)) == heard(city, "review.db") and total, PATIENCE)
    assert rows >= MESSAGES
    assert stadsbot(city.assistant, "review", "ingest", "--once").returncode == 0
    found = numbers_in(staff.get("/wachtrij/?q=telefoonnummer&status=alle"))
    assert found
    looked_for = sorted(city.secrets)[::SEARCHED]
    assert [s for s in looked_for if numbers_in(staff.get(f"/wachtrij/?status=alle&q={quote(s)}"))] == []
    page = staff.get(f"/gesprek/{min(found)}/")
    assert "[telefoonnummer]" in re.sub(r"<[^>]+>", "", page)
    assert leaks({"page": page}, city.secrets) == []
    (message, *_) = re.findall(r"/bericht/(\d+)/oordeel/", page)
    form = {f"m{message}-oordeel": "goed", "versie": "geen"}
    staff.post(f"/bericht/{message}/oordeel/", **form)
    for action in ("goedkeuren", "voorstel"):
        decided = {"verbetering": "1", "actie": action, "titel": "Gemeld"}
        staff.post("/voorstellen/beslissen/", form="/voorstellen/verbeteringen/", **decided)


def heard(city, name="reviewlog.db"):
    """How many messages of citizens stand in the review log, or in the console."""
    table, column = ("review_events", "type") if name == "reviewlog.db" else ("conversations_message", "kind")
    return count(city.var / name, table, f"{column} = 'user' AND intent IS NOT 'session_start'")


def everything_arrived(city):
    """Nothing is found, and not because nothing was written."""
    files = city.look()
    assert set(files) >= STORES | {"assistant.log", "purge.jsonl"}
    assert any(name.startswith("review/jobs/") for name in files)
    for name in ("conversations.db (rows)", "reviewlog.db (rows)", "review.db (rows)"):
        assert [word for word in (*PLACEHOLDERS, "Niemand hielp") if word not in files[name]] == []
    assert "[telefoonnummer]" in files["feedback.db (rows)"]
    assert files["assistant.log"].count("[weggelaten]") > MESSAGES
    # The same search does find what is there, in the bytes of a file or of the log that is not folded into it yet.
    found = {name.removesuffix("-wal") for name, _ in leaks(files, ["Niemand hielp"])}
    assert found >= {"conversations.db", "reviewlog.db", "review.db"}

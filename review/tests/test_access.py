"""Signing in, lock-out, the second factor, people, and what the audit log keeps of it."""

from __future__ import annotations

import re
import time

import pytest
from axes.models import AccessAttempt
from bot.paths import ROOT
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import wording
from accounts.access import Role
from accounts.middleware import LONGEST, SINCE
from accounts.models import AuditEntry
from tests.conftest import PASSWORD

_ACTION = re.compile(
    r'"((?:aanmelding|bericht|cijfers|gebruiker|gesprek|onbeantwoord|oordeel|rapport|tweede_factor|verbeteringen|voorstel'
    r'|wachtrij|wachtwoord|weergave)\.[a-z_]+)"'
)  # as written in the code
LOGIN, QUEUE = "/aanmelden/", "/wachtrij/"


def sign_in(client, name, password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": name, "password": password}, **extra)


def actions(**where):
    return list(AuditEntry.objects.filter(**where).order_by("id").values_list("action", flat=True))


def code_of(user, drift=0):
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, drift=drift):06d}"


@pytest.fixture
def enrolled(person):
    """A reviewer with an app, and its recovery codes."""
    user, client = person(Role.REVIEWER, "rik"), Client()
    sign_in(client, "rik")
    client.get("/account/app/")
    page = client.post("/account/app/", {"code": code_of(user)})
    # The same code is never taken twice; the next test step may fall into the same half minute.
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    return user, page.context["codes"]


def test_in_and_out(person):
    person(Role.READER, "lea")
    client = Client()
    assert client.get(QUEUE)["Location"] == f"{LOGIN}?next={QUEUE}"
    assert sign_in(client, "lea")["Location"] == QUEUE
    page = client.get(QUEUE)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    client.post("/afmelden/")
    assert client.get(QUEUE).status_code == 302
    assert actions() == ["aanmelding.gelukt", "wachtrij.gelezen", "aanmelding.beëindigd"]


def test_five_wrong_passwords_lock_a_name_from_any_address(person):
    user = person(Role.READER, "lea")
    for number in range(4):
        extra = {"REMOTE_ADDR": f"10.0.0.{number}", "HTTP_USER_AGENT": f"browser {number}"}
        assert sign_in(Client(), "lea", "verkeerd", **extra).status_code == 200
    assert sign_in(Client(), "lea", "verkeerd", REMOTE_ADDR="10.0.0.9").status_code == 429
    locked = sign_in(Client(), "lea", REMOTE_ADDR="10.0.0.77")
    assert locked.status_code == 429
    assert "Even wachten" in locked.content.decode()
    assert actions(action="aanmelding.mislukt", number=user.pk) == ["aanmelding.mislukt"] * 6
    (attempt,) = AccessAttempt.objects.all()
    assert (attempt.username, attempt.ip_address, attempt.user_agent, attempt.path_info) == (
        "lea",
        None,
        "",
        "",
    )
    assert "verkeerd" not in attempt.post_data


def test_a_name_that_does_not_exist_leaves_nothing_in_the_audit_log(db_all):
    sign_in(Client(), "mijn geheime wachtwoord", "x")
    assert actions() == []


@pytest.mark.parametrize(
    "password", ["kort", "123456789012", "wachtwoord123", "rik-de-beste", "password1234"]
)
def test_weak_passwords_are_refused(person, password):
    user, client = person(Role.READER, "rik-de-beste"), Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    form = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    page = client.post("/account/wachtwoord/", form)
    weak = password != "wachtwoord123"  # long enough and in no list of common ones that Django has
    assert page.status_code == (200 if weak else 302)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD) == weak


def test_a_new_password_ends_other_sessions(person):
    user, here, there = person(Role.READER, "lea"), Client(), Client()
    sign_in(here, "lea")
    sign_in(there, "lea")
    new = "vier paarse kano's 7"
    here.post("/account/wachtwoord/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert here.get(QUEUE).status_code == 200
    assert there.get(QUEUE).status_code == 302
    assert "wachtwoord.gewijzigd" in actions(number=user.pk)


def test_the_app_is_asked_for_after_the_password(enrolled):
    user, _ = enrolled
    client = Client()
    sign_in(client, "rik")
    assert client.get(QUEUE)["Location"] == f"/aanmelden/code/?next={QUEUE}"
    assert client.get("/account/").status_code == 302  # nothing else is open in between
    assert client.get("/account/app/")["Location"] == "/account/"
    assert "klopt niet" in client.post("/aanmelden/code/", {"code": "000000"}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0)
    there = client.post("/aanmelden/code/", {"code": code_of(user), "next": "/logboek/"})
    assert there["Location"] == "/logboek/"
    assert client.get(QUEUE).status_code == 200
    assert {"aanmelding.code", "aanmelding.code_mislukt", "tweede_factor.ingesteld"} <= set(
        actions(number=user.pk)
    )


def test_codes_cannot_be_guessed_or_used_twice(enrolled):
    user, codes = enrolled
    client = Client()
    sign_in(client, "rik")
    for _ in range(3):
        client.post("/aanmelden/code/", {"code": "000000"})
    right = {"code": code_of(user)}
    assert client.post("/aanmelden/code/", right).status_code == 200  # even the right one has to wait now
    assert client.post("/aanmelden/code/", {"code": codes[0]})["Location"] == QUEUE
    again = Client()
    sign_in(again, "rik")
    assert again.post("/aanmelden/code/", {"code": codes[0]}).status_code == 200


def test_after_the_code_nobody_is_sent_to_another_site(enrolled):
    user, _ = enrolled
    client = Client()
    sign_in(client, "rik")
    there = client.post("/aanmelden/code/", {"code": code_of(user), "next": "https://elders.example/"})
    assert there["Location"] == QUEUE


def test_an_htmx_part_is_no_way_around(enrolled):
    client = Client()
    page = client.get(QUEUE, HTTP_HX_REQUEST="true")
    assert (page.status_code, page["HX-Redirect"]) == (200, "/")
    sign_in(client, "rik")
    assert client.get(QUEUE, HTTP_HX_REQUEST="true")["HX-Redirect"] == "/aanmelden/code/"


def test_the_app_can_be_mandatory(person, settings):
    import dataclasses

    person(Role.READER, "lea")
    client = Client()
    sign_in(client, "lea")
    settings.CONFIG = dataclasses.replace(settings.CONFIG, require_totp=True)
    assert client.get(QUEUE)["Location"].startswith("/account/app/")
    assert client.get("/account/app/").status_code == 200
    user = User.objects.get(username="lea")
    assert client.post("/account/app/", {"code": code_of(user)}).status_code == 200
    assert client.get(QUEUE).status_code == 200
    client.post("/account/app/weg/")
    assert TOTPDevice.objects.filter(user=user).exists()


def test_new_recovery_codes_and_leaving_the_app(enrolled):
    user, codes = enrolled
    client = Client()
    sign_in(client, "rik")
    client.post("/aanmelden/code/", {"code": codes[0]})
    fresh = client.post("/account/herstelcodes/").context["codes"]
    assert not set(fresh) & set(codes)
    client.post("/account/app/weg/")
    assert client.get(QUEUE).status_code == 200
    assert not TOTPDevice.objects.filter(user=user).exists()


def test_a_session_ends_after_a_working_day_however_busy(signed_in):
    client = signed_in(Role.READER)
    assert client.get(QUEUE).status_code == 200
    session = client.session
    session[SINCE] = time.time() - LONGEST - 1
    session.save()
    assert client.get(QUEUE).status_code == 302


def test_sessions_slide_and_end_with_the_browser(signed_in, settings):
    client = signed_in(Role.READER)
    cookie = client.get("/account/sessie/").cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    assert client.session.get_expiry_age() == settings.CONFIG.session_minutes * 60


def test_cookies_and_headers_under_https(signed_in):
    with override_settings(
        SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True, SECURE_HSTS_SECONDS=31_536_000
    ):
        page = Client().get(LOGIN, secure=True)
        assert page.cookies["csrftoken"]["secure"]
        assert "max-age=31536000" in page["Strict-Transport-Security"]
        session = signed_in(Role.READER).get(QUEUE, secure=True)
        assert session.cookies["leesconsole"]["secure"]


def test_no_inline_code_and_no_frames(db_all):
    page = Client().get(LOGIN)
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert (page["X-Frame-Options"], page["X-Content-Type-Options"]) == ("DENY", "nosniff")
    text = page.content.decode()
    assert "<style" not in text and " style=" not in text and "http://" not in text and "https://" not in text


def test_forms_of_other_sites_are_refused(person):
    person(Role.ADMINISTRATOR, "ann")
    client = Client(enforce_csrf_checks=True)
    refused = client.post(LOGIN, {"username": "ann", "password": PASSWORD})
    assert refused.status_code == 403
    assert "verlopen" in refused.content.decode()


def test_somebody_is_added_and_chooses_a_password(signed_in):
    manager, new = signed_in(Role.ADMINISTRATOR), Client()
    made = manager.post("/gebruikers/nieuw/", {"username": "nora", "role": "redacteur"})
    link = made.context["link"].removeprefix("http://testserver")
    assert "kiest nog een wachtwoord" in manager.get("/gebruikers/").content.decode()
    page = new.get(link, follow=True)
    form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert new.post(page.redirect_chain[-1][0], form)["Location"] == LOGIN
    assert sign_in(new, "nora")["Location"] == QUEUE
    assert User.objects.get(username="nora").groups.get().name == "redacteur"
    assert "werkt niet meer" in Client().get(link, follow=True).content.decode()
    assert {"gebruiker.gemaakt", "wachtwoord.gekozen"} <= set(actions())


def test_roles_change_at_once_and_leaving_too(signed_in, person):
    manager, reader = signed_in(Role.ADMINISTRATOR), Client()
    user = person(Role.READER, "lea")
    sign_in(reader, "lea")
    assert reader.get("/logboek/").status_code == 403
    manager.post(f"/gebruikers/{user.pk}/", {"role": "beheerder", "is_active": "on"})
    assert reader.get("/logboek/").status_code == 200
    manager.post(f"/gebruikers/{user.pk}/", {"role": "beheerder"})
    assert reader.get("/logboek/").status_code == 302
    assert sign_in(reader, "lea").status_code == 200
    details = list(AuditEntry.objects.filter(action="gebruiker.gewijzigd").values_list("detail", flat=True))
    assert details == ["lea: is_active=False", "lea: role=beheerder"]


def test_a_manager_cannot_lock_the_door_behind_themselves(signed_in):
    manager = signed_in(Role.ADMINISTRATOR)
    me = User.objects.get()
    manager.post(f"/gebruikers/{me.pk}/", {"role": "lezer"})
    assert manager.get("/gebruikers/").status_code == 200
    assert User.objects.get().groups.get().name == "beheerder"
    assert manager.post(f"/gebruikers/{me.pk}/link/")["Location"] == "/account/wachtwoord/"


def test_a_new_link_ends_the_sessions_and_a_lost_phone_is_forgotten(signed_in, enrolled):
    manager = signed_in(Role.ADMINISTRATOR)
    user, codes = enrolled
    there = Client()
    sign_in(there, "rik")
    there.post("/aanmelden/code/", {"code": codes[0]})
    assert manager.post(f"/gebruikers/{user.pk}/app-weg/").status_code == 302
    assert there.get(QUEUE).status_code == 200
    assert "/wachtwoord/" in manager.post(f"/gebruikers/{user.pk}/link/").context["link"]
    assert there.get(QUEUE).status_code == 302


def test_the_audit_log_is_filtered_and_paged(signed_in):
    manager = signed_in(Role.ADMINISTRATOR)
    AuditEntry.objects.bulk_create(
        AuditEntry(name="lea", action="gesprek.gelezen", number=n) for n in range(120)
    )
    page = manager.get("/logboek/", {"wie": "lea", "wat": "gesprek.gelezen", "pagina": 3})
    assert page.context["page"].paginator.count == 120
    assert len(page.context["page"]) == 20
    today = f"{AuditEntry.objects.first().at:%Y-%m-%d}"
    assert (
        manager.get("/logboek/", {"van": today, "tot": today, "wie": "lea"}).context["page"].paginator.count
        > 0
    )
    assert (
        manager.get("/logboek/", {"van": "2000-01-01", "tot": "2000-01-02"}).context["page"].paginator.count
        == 0
    )
    assert manager.get("/logboek/", {"van": "geen datum"}).status_code == 200


def test_the_audit_log_is_in_words(signed_in):
    """Every action that the code writes has words; codes and names of tables are not for staff."""
    written = set()
    for app in ("accounts", "conversations", "corrections", "figures"):
        for path in (ROOT / "review" / app).glob("*.py"):
            if path.name != "wording.py":
                written |= set(_ACTION.findall(path.read_text(encoding="utf-8")))
    assert len(written) > 35 and written <= set(wording.ACTIONS)
    AuditEntry.objects.create(name="lea", action="gesprek.gelezen", kind="conversation", number=5)
    page = signed_in(Role.ADMINISTRATOR).get("/logboek/").text
    assert "las een gesprek" in page and "gesprek 5" in page and "conversation" not in page
    assert wording.counted(1, "groep", "groepen") == "1 groep"


def test_the_first_administrator(db_all, monkeypatch, capsys):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
    call_command("admin", "eva")
    assert sign_in(Client(), "eva")["Location"] == QUEUE
    monkeypatch.setattr(sys, "stdin", io.StringIO("te kort\n"))
    with pytest.raises(CommandError, match="12"):
        call_command("admin", "tweede")
    assert not User.objects.filter(username="tweede").exists()

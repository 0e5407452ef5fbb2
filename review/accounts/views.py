"""Signing in with a second factor, and one's own account."""

from __future__ import annotations

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView, PasswordResetConfirmView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import factors
from accounts.access import before_second_factor, personal
from accounts.audit import record
from accounts.forms import CodeForm

_WRONG = "Deze code klopt niet of is al gebruikt. Wacht even en probeer een nieuwe code."


class SignIn(LoginView):
    """Name and password; whoever is signed in goes on."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True


class OwnPassword(PasswordChangeView):
    """A new password for oneself."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:account")

    def form_valid(self, form: Form) -> HttpResponse:
        """Store it and say so."""
        response = super().form_valid(form)  # type: ignore[arg-type]
        record(self.request.user, "wachtwoord.gewijzigd", _user(self.request))
        messages.success(self.request, "Je wachtwoord is gewijzigd.")
        return response


class FirstPassword(PasswordResetConfirmView):
    """A password chosen with the link that a manager made; it works once and for a day."""

    template_name = "accounts/password_set.html"
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: Form) -> HttpResponse:
        """Store it and go to sign-in."""
        response = super().form_valid(form)  # type: ignore[arg-type]
        assert self.user is not None  # else there would be no form
        record(None, "wachtwoord.gekozen", self.user, self.user.get_username())
        messages.success(self.request, "Je wachtwoord is klaar. Meld je nu aan.")
        return response


@before_second_factor
@require_http_methods(["GET", "POST"])
@personal
def verify(request: HttpRequest) -> HttpResponse:
    """Ask the code after the password."""
    user = _user(request)
    target = request.POST.get("next") or request.GET.get("next") or ""
    if factors.app_of(user) is None or user.is_verified():  # type: ignore[attr-defined]
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = factors.check(user, form.cleaned_data["code"])
        if device is not None:
            django_otp.login(request, device)
            record(user, "aanmelding.code", user, device.name)
            return redirect(_safe(request, target))
        record(user, "aanmelding.code_mislukt", user)
        form.add_error("code", _WRONG)
    return render(request, "accounts/verify.html", {"form": form, "next": target})


@before_second_factor
@require_http_methods(["GET", "POST"])
@personal
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the app; it counts once it has shown a right code."""
    user = _user(request)
    if factors.app_of(user) is not None:
        return redirect("accounts:account")
    app = factors.new_app(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if app.verify_token("".join(form.cleaned_data["code"].split())):
            app.confirmed = True
            app.save()
            django_otp.login(request, app)
            record(user, "tweede_factor.ingesteld", user)
            return _show_codes(request, user)
        form.add_error("code", _WRONG)
    shown = {"form": form, "qr": factors.qr_code(app), "key": factors.written_key(app)}
    return render(request, "accounts/enrol.html", shown)


@require_POST
@personal
def recovery(request: HttpRequest) -> HttpResponse:
    """Give new recovery codes to somebody who has shown a code."""
    user = _user(request)
    if not user.is_verified():  # type: ignore[attr-defined]
        return redirect("accounts:account")
    record(user, "tweede_factor.herstelcodes", user)
    return _show_codes(request, user)


@require_POST
@personal
def disenrol(request: HttpRequest) -> HttpResponse:
    """Remove the app, where a second factor is a choice."""
    user = _user(request)
    if user.is_verified() and not settings.CONFIG.require_totp:  # type: ignore[attr-defined]
        factors.forget(user)
        record(user, "tweede_factor.verwijderd", user)
        messages.success(request, "Aanmelden vraagt geen code meer.")
    return redirect("accounts:account")


@require_safe
@personal
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    user = _user(request)
    shown = {
        "app": factors.app_of(user),
        "codes_left": factors.recovery_codes_left(user),
        "mandatory": settings.CONFIG.require_totp,
        "by_sso": hasattr(user, "sso"),
        "roles": user.groups.values_list("name", flat=True),
    }
    return render(request, "accounts/account.html", shown)


@require_safe
@personal
def session(request: HttpRequest) -> HttpResponse:
    """Keep the session going; asked for by the warning that it is about to end."""
    return HttpResponse(status=204)


def _show_codes(request: HttpRequest, user: User) -> HttpResponse:
    return render(request, "accounts/recovery.html", {"codes": factors.new_recovery_codes(user)})


def _safe(request: HttpRequest, target: str) -> str:
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if allowed else resolve_url(settings.LOGIN_REDIRECT_URL)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # `personal` lets nobody else in
    return user

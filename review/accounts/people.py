"""People and their roles, and the audit log."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import factors
from accounts.access import Right, needs
from accounts.audit import record
from accounts.forms import AuditFilter, InviteForm, PersonForm
from accounts.models import AuditEntry

PER_PAGE = 50


@require_safe
@needs(Right.MANAGE)
def users(request: HttpRequest) -> HttpResponse:
    """List the accounts."""
    app = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    found = User.objects.select_related("sso").prefetch_related("groups").annotate(app=Exists(app))
    return render(request, "accounts/users.html", {"people": found.order_by("-is_active", "username")})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and show the link with which its owner chooses a password."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        record(request.user, "gebruiker.gemaakt", user, f"{user.username}: {form.cleaned_data['role']}")
        return _show_link(request, user)
    return render(request, "accounts/invite.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Change an account."""
    assert isinstance(request.user, User)
    user = get_object_or_404(User, pk=number)
    form = PersonForm(request.POST or None, instance=user, by=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        changed = ", ".join(
            f"{name}={form.cleaned_data[name]}" for name in form.changed_data if name in {"role", "is_active"}
        )
        record(request.user, "gebruiker.gewijzigd", user, f"{user.username}: {changed or 'naam'}")
        messages.success(request, f"De gegevens van {user.username} zijn bewaard.")
        return redirect("accounts:users")
    shown = {"person": user, "form": form, "app": factors.app_of(user), "own": user == request.user}
    return render(request, "accounts/person.html", shown)


@require_POST
@needs(Right.MANAGE)
def new_link(request: HttpRequest, number: int) -> HttpResponse:
    """Take the password away, which ends the person's sessions, and show a link for choosing a new one."""
    user = get_object_or_404(User, pk=number, sso=None, is_active=True)
    if user == request.user:
        return redirect("accounts:password")
    user.set_unusable_password()
    user.save()
    record(request.user, "gebruiker.nieuwe_link", user, user.username)
    return _show_link(request, user)


@require_POST
@needs(Right.MANAGE)
def forget_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Remove the app of somebody who lost the phone and the recovery codes."""
    user = get_object_or_404(User, pk=number)
    factors.forget(user)
    record(request.user, "gebruiker.tweede_factor_weg", user, user.username)
    messages.success(request, f"{user.username} kan de app opnieuw instellen.")
    return redirect("accounts:person", user.pk)


@require_safe
@needs(Right.AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Show who did what, newest first."""
    form = AuditFilter(request.GET or None)
    entries = AuditEntry.objects.all()
    if form.is_valid():
        chosen = form.cleaned_data
        if chosen["wie"]:
            entries = entries.filter(name=chosen["wie"])
        if chosen["wat"]:
            entries = entries.filter(action=chosen["wat"])
        if chosen["van"]:
            entries = entries.filter(at__gte=timezone.make_aware(datetime.combine(chosen["van"], time.min)))
        if chosen["tot"]:
            after = chosen["tot"] + timedelta(days=1)
            entries = entries.filter(at__lt=timezone.make_aware(datetime.combine(after, time.min)))
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("pagina"))
    query = request.GET.copy()
    query.pop("pagina", None)
    return render(request, "accounts/audit.html", {"form": form, "page": page, "query": query.urlencode()})


def _show_link(request: HttpRequest, user: User) -> HttpResponse:
    encoded = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("accounts:password_set", args=[encoded, default_token_generator.make_token(user)])
    return render(
        request, "accounts/invited.html", {"person": user, "link": request.build_absolute_uri(path)}
    )

"""The second factor: an app that shows codes (TOTP), and recovery codes for when the phone is gone."""

from __future__ import annotations

import base64
import io

import qrcode
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from qrcode.image.svg import SvgPathFillImage

RECOVERY_CODES = 10
SSO_BACKEND = "accounts.oidc.SsoBackend"


def app_of(user: User) -> TOTPDevice | None:
    """Return the app that a person uses, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def missing(request: HttpRequest) -> str | None:
    """Tell what still has to be done before somebody signed in may go on: ``verify``, ``enrol`` or nothing.

    Whoever comes from single sign-on has shown a second factor there, where the city decides about it.
    """
    user = request.user
    if request.session.get(BACKEND_SESSION_KEY) == SSO_BACKEND or user.is_verified():  # type: ignore[union-attr]
        return None
    if app_of(user) is not None:  # type: ignore[arg-type]
        return "verify"
    return "enrol" if settings.CONFIG.require_totp else None


def new_app(user: User) -> TOTPDevice:
    """Return the app that is being set up; it counts once it has shown a right code."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return device


def qr_code(device: TOTPDevice) -> str:
    """Return the QR code as a data URI of an SVG, black on white in any colour scheme."""
    image = qrcode.make(device.config_url, image_factory=SvgPathFillImage, border=2)
    buffer = io.BytesIO()
    image.save(buffer)
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


def written_key(device: TOTPDevice) -> str:
    """Return the key for typing it over, in groups of four."""
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def check(user: User, token: str) -> Device | None:
    """Return what accepts the code: the app for six digits, else the recovery codes, of which each works once."""
    token = "".join(token.split()).lower()
    kind = TOTPDevice if token.isdigit() else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        return device if device is not None and device.verify_token(token) else None


def new_recovery_codes(user: User) -> list[str]:
    """Return fresh recovery codes; earlier ones are void."""
    with transaction.atomic():
        # The same device: a session that was opened with one of its codes goes on.
        device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "herstelcodes"})
        device.token_set.all().delete()
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes still work."""
    return int(StaticToken.objects.filter(device__user=user).count())


def forget(user: User) -> None:
    """Remove app and recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()

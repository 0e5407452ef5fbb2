"""Single sign-on with the city's identity provider (OpenID Connect, code flow with PKCE), on top of mozilla-django-oidc.

Added to that package: addresses found by discovery, issuer and audience checked, people known by their subject, roles from groups.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import import_from_settings
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from accounts.access import Role
from accounts.audit import record
from accounts.models import SsoIdentity
from console.config import OidcConfig

TIMEOUT = 8  # seconds
_KEEP = 3_600.0  # seconds that what the provider says of itself is used
# What goes wrong between the provider and us, and is no mistake of ours.
_TROUBLE = (requests.RequestException, SuspiciousOperation, jwt.PyJWTError, KeyError, ValueError)
_found: dict[str, tuple[float, Provider]] = {}


@dataclass(frozen=True)
class Provider:
    """Addresses of the provider; ``basic`` when it does not take the secret in the form."""

    authorization: str
    token: str
    userinfo: str
    jwks: str
    basic: bool


def config() -> OidcConfig:
    """Return the settings of single sign-on.

    Raises:
        Http404: there are none.
    """
    found: OidcConfig | None = settings.CONFIG.oidc
    if found is None:
        raise Http404
    return found


def provider() -> Provider:
    """Return what the provider says of itself.

    Raises:
        requests.RequestException: it cannot be reached.
        ValueError, KeyError: it is not the provider that was configured.
    """
    issuer = config().issuer
    at, known = _found.get(issuer, (0.0, None))
    if known is None or time.monotonic() - at > _KEEP:
        reply = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=TIMEOUT)
        reply.raise_for_status()
        document = reply.json()
        if document["issuer"].rstrip("/") != issuer:
            raise ValueError("the provider has another name than STADSBOT_OIDC_ISSUER")
        ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        known = Provider(
            document["authorization_endpoint"],
            document["token_endpoint"],
            document["userinfo_endpoint"],
            document["jwks_uri"],
            "client_secret_post" not in ways,
        )
        _found[issuer] = (time.monotonic(), known)
    return known


def setting(name: str, *default: Any) -> Any:
    """Return a setting of mozilla-django-oidc: ours where it depends on the provider, else Django's."""
    ours: dict[str, Callable[[], Any]] = {
        "OIDC_RP_CLIENT_ID": lambda: config().client_id,
        "OIDC_RP_CLIENT_SECRET": lambda: config().client_secret,
        "OIDC_RP_SCOPES": lambda: config().scopes,
        "OIDC_OP_AUTHORIZATION_ENDPOINT": lambda: provider().authorization,
        "OIDC_OP_TOKEN_ENDPOINT": lambda: provider().token,
        "OIDC_OP_USER_ENDPOINT": lambda: provider().userinfo,
        "OIDC_OP_JWKS_ENDPOINT": lambda: provider().jwks,
        "OIDC_TOKEN_USE_BASIC_AUTH": lambda: provider().basic,
    }
    return ours[name]() if name in ours else import_from_settings(name, *default)


class SsoBackend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Makes and updates the account of somebody whom the provider vouches for."""

    get_settings = staticmethod(setting)

    def __init__(self) -> None:
        """Ask nothing of the provider yet: every password login passes here too."""
        self.UserModel = get_user_model()
        self.claimed: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """Look the provider's addresses up when they are needed."""
        if name.startswith("OIDC_"):
            return setting(name, None)
        raise AttributeError(name)

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:
        """Return the person behind a code of the provider."""
        if settings.CONFIG.oidc is None or "nonce" not in kwargs:
            return None
        user: User | None = super().authenticate(request, **kwargs)
        return user

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Check signature, times and nonce, and that the token is of our provider and for us."""
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        audience = payload.get("aud")
        if str(payload.get("iss", "")).rstrip("/") != config().issuer:
            raise SuspiciousOperation("token of another issuer")
        if config().client_id not in (audience if isinstance(audience, list) else [audience]):
            raise SuspiciousOperation("token for somebody else")
        if "exp" not in payload:
            raise SuspiciousOperation("token without an end")
        return payload

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the claims of both the token and the userinfo address, which must be of one person."""
        more: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if more.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("userinfo of somebody else")
        return {**payload, **more, "iss": config().issuer}

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """Let nobody in without a role."""
        return bool(claims.get("sub")) and role_of(claims) is not None

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        """Find the account by subject: a name or address could be given to somebody else."""
        return self.UserModel.objects.filter(sso__issuer=claims["iss"], sso__subject=claims["sub"])

    def create_user(self, claims: dict[str, Any]) -> User:
        """Make an account; a name that a local account has already gets ``@sso`` behind it."""
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])[:140]
        while User.objects.filter(username=name).exists():
            name += "@sso"
        user = User.objects.create_user(name, email=str(claims.get("email") or ""))
        SsoIdentity.objects.create(user=user, issuer=claims["iss"], subject=claims["sub"])
        record(None, "gebruiker.gemaakt", user, f"{name} (SSO)")
        return self.update_user(user, claims)

    def update_user(self, user: User, claims: dict[str, Any]) -> User:
        """Give the role that the groups say now."""
        role = role_of(claims)
        assert role is not None  # verify_claims has seen to that
        before = set(user.groups.values_list("name", flat=True))
        if before != {role.value}:
            user.groups.set([Group.objects.get(name=role.value)])
            record(None, "gebruiker.rol", user, f"{user.get_username()}: {role} (SSO)")
        return user

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session, unless it was deactivated in the meantime."""
        user: User | None = super().get_user(user_id)
        return user if user is not None and user.is_active else None


def role_of(claims: dict[str, Any]) -> Role | None:
    """Return the highest role that the groups in ``claims`` bring, or None."""
    names: Any = claims
    for key in config().claim.split("."):
        names = names.get(key) if isinstance(names, dict) else None
    given = {config().groups.get(str(name)) for name in names} if isinstance(names, list) else set()
    return next((role for role in reversed(Role) if role.value in given), None)


class SsoStart(OIDCAuthenticationRequestView):  # type: ignore[misc]
    """Sends somebody to the provider."""

    get_settings = staticmethod(setting)

    def __init__(self, **kwargs: Any) -> None:
        """Ask nothing of the provider yet."""
        View.__init__(self, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """Look the provider's addresses up when they are needed."""
        if name == "OIDC_OP_AUTH_ENDPOINT":
            return setting("OIDC_OP_AUTHORIZATION_ENDPOINT")
        if name == "OIDC_RP_CLIENT_ID":
            return setting(name)
        raise AttributeError(name)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect, or say that the provider cannot be reached."""
        config()
        try:
            response: HttpResponse = super().get(request)
        except _TROUBLE:
            return _failed(request)
        return response


class SsoBack(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Takes somebody who comes back from the provider."""

    get_settings = staticmethod(setting)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Sign in, or say that it failed; the audit log and the provider know more."""
        config()
        try:
            response: HttpResponse = super().get(request)
        except _TROUBLE:
            return _failed(request)
        return response

    def login_failure(self) -> HttpResponse:
        """Say that it failed."""
        return _failed(self.request)


def _failed(request: HttpRequest) -> HttpResponse:
    messages.error(
        request,
        "Aanmelden met je stadsaccount is niet gelukt. Probeer het opnieuw of vraag een beheerder om toegang.",
    )
    return redirect("accounts:login")

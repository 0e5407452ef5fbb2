"""Addresses of sign-in, people and the audit log."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from accounts import oidc, people, views
from accounts.access import before_second_factor, personal, public

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("aanmelden/", public(views.SignIn.as_view()), name="login"),
    path("aanmelden/code/", views.verify, name="verify"),
    path("aanmelden/stadsaccount/", public(oidc.SsoStart.as_view()), name="sso"),
    path("aanmelden/terug/", public(oidc.SsoBack.as_view()), name="sso_back"),
    path("afmelden/", before_second_factor(public(LogoutView.as_view())), name="logout"),
    path("wachtwoord/<uidb64>/<token>/", public(views.FirstPassword.as_view()), name="password_set"),
    path("account/", views.account, name="account"),
    path("account/wachtwoord/", personal(views.OwnPassword.as_view()), name="password"),
    path("account/app/", views.enrol, name="enrol"),
    path("account/app/weg/", views.disenrol, name="disenrol"),
    path("account/herstelcodes/", views.recovery, name="recovery"),
    path("account/sessie/", views.session, name="session"),
    path("gebruikers/", people.users, name="users"),
    path("gebruikers/nieuw/", people.invite, name="invite"),
    path("gebruikers/<int:number>/", people.person, name="person"),
    path("gebruikers/<int:number>/link/", people.new_link, name="new_link"),
    path("gebruikers/<int:number>/app-weg/", people.forget_factor, name="forget_factor"),
    path("logboek/", people.audit, name="audit"),
]

"""Forms of sign-in, people and the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group, User

from accounts import wording
from accounts.access import ROLES, Right, Role
from accounts.models import AuditEntry

_TITLES = {
    Right.READ: "lezen",
    Right.EXPORT: "cijfers uitvoeren",
    Right.REVIEW: "beoordelen en verbeteren",
    Right.PROPOSE: "voorstellen maken en meten",
    Right.ERASE: "gesprekken wissen",
    Right.AUDIT: "het logboek lezen",
    Right.MANAGE: "gebruikers beheren",
}


def role_choices() -> list[tuple[str, str]]:
    """Return each role with what it may do."""
    return [
        (role.value, f"{role.value}: {', '.join(_TITLES[r] for r in Right if r in ROLES[role])}")
        for role in Role
    ]


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )


class InviteForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes none
    """A new account; the person chooses the password with a link."""

    role = forms.ChoiceField(label="Rol", choices=role_choices, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "role"]
        help_texts = {"username": "Bijvoorbeeld voornaam.achternaam."}

    def save(self, commit: bool = True) -> User:
        """Make the account, with a password that nobody knows."""
        user: User = super().save(commit=False)
        user.set_unusable_password()
        user.save()
        user.groups.set([Group.objects.get(name=self.cleaned_data["role"])])
        return user


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes none
    """Name, role and whether somebody may sign in."""

    role = forms.ChoiceField(label="Rol", choices=role_choices, widget=forms.RadioSelect, required=False)
    is_active = forms.BooleanField(label="Mag zich aanmelden", required=False)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "role", "is_active"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Leave out what may not be changed: one's own role, and that of somebody whom single sign-on gives one."""
        super().__init__(*args, **kwargs)
        group = self.instance.groups.first()
        self.fields["role"].initial = group.name if group else None
        if self.instance == by:
            del self.fields["role"], self.fields["is_active"]
        elif hasattr(self.instance, "sso"):
            del self.fields["role"]

    def save(self, commit: bool = True) -> User:
        """Store it."""
        user: User = super().save()
        if role := self.cleaned_data.get("role"):
            user.groups.set([Group.objects.get(name=role)])
        return user


class AuditFilter(forms.Form):
    """Which entries of the audit log are shown."""

    wie = forms.ChoiceField(label="Wie", required=False)
    wat = forms.ChoiceField(label="Wat", required=False)
    van = forms.DateField(label="Van", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    tot = forms.DateField(label="Tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the people and actions that occur."""
        super().__init__(*args, **kwargs)
        for field, column, words in (("wie", "name", str), ("wat", "action", wording.action)):
            found = AuditEntry.objects.order_by(column).values_list(column, flat=True).distinct()
            offered = sorted(((one, words(one)) for one in found), key=lambda pair: pair[1])
            self.fields[field].choices = [("", "alle"), *offered]  # type: ignore[attr-defined]

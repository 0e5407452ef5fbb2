"""``manage.py admin``: makes an administrator. There is no default password."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Role
from accounts.audit import record


class Command(BaseCommand):
    """Asks for a name and a password; the password is read from standard input when that is no terminal."""

    help = "Make an administrator of the review console, or give one a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the name."""
        parser.add_argument("name", nargs="?", help="user name; asked for when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or change the account."""
        name = (options["name"] or input("Gebruikersnaam: ")).strip()
        user = User.objects.filter(username=name).first() or User(username=name)
        try:
            user.clean_fields(exclude=["password"])
            password = self._password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.is_active = True
        user.save()
        user.groups.set([Group.objects.get(name=Role.ADMINISTRATOR)])
        record(None, "gebruiker.beheerder", user, name)
        self.stdout.write(f"{name} kan zich aanmelden als beheerder.")

    def _password(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass("Wachtwoord (minstens 12 tekens): ")
        if getpass("Nog eens: ") != password:
            raise CommandError("De twee wachtwoorden zijn niet gelijk.")
        return password

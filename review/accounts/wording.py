"""The audit log in words for staff. The log itself keeps the short names, so that words may change."""

from __future__ import annotations

ACTIONS = {
    "aanmelding.gelukt": "meldde zich aan",
    "aanmelding.mislukt": "aanmelden mislukt",
    "aanmelding.code": "gaf de code van de app",
    "aanmelding.code_mislukt": "gaf een foute code",
    "bericht.gelezen": "las een bericht",
    "cijfers.uitgevoerd": "voerde cijfers uit",
    "gebruiker.beheerder": "eerste beheerder gemaakt",
    "gebruiker.gemaakt": "voegde een gebruiker toe",
    "gebruiker.gewijzigd": "wijzigde een gebruiker",
    "gebruiker.nieuwe_link": "maakte een nieuwe link voor een wachtwoord",
    "gebruiker.rol": "rol gewijzigd bij het aanmelden",
    "gebruiker.tweede_factor_weg": "verwijderde de tweede stap van een gebruiker",
    "gesprek.gelezen": "las een gesprek",
    "gesprek.gewist": "wiste een gesprek",
    "gesprek.gezocht": "zocht waar een gesprek bewaard is",
    "gesprek.notitie": "schreef een notitie",
    "gesprek.status": "wijzigde de status",
    "gesprek.toegewezen": "wees een gesprek toe",
    "onbeantwoord.gelezen": "las onbeantwoorde vragen",
    "onbeantwoord.afgehandeld": "handelde onbeantwoorde vragen af",
    "onbeantwoord.teruggezet": "zette onbeantwoorde vragen terug",
    "oordeel.gemaakt": "beoordeelde een bericht",
    "oordeel.gewijzigd": "wijzigde een oordeel",
    "rapport.bekeken": "bekeek een maandrapport",
    "tweede_factor.herstelcodes": "maakte herstelcodes",
    "tweede_factor.ingesteld": "stelde de tweede stap in",
    "tweede_factor.verwijderd": "verwijderde de eigen tweede stap",
    "verbetering.geweigerd": "weigerde een verbetering",
    "verbetering.goedgekeurd": "keurde een verbetering goed",
    "verbeteringen.gelezen": "las verbeteringen",
    "voorstel.gelezen": "las een voorstel",
    "voorstel.gemaakt": "maakte het voorstel",
    "voorstel.gemeten": "meting klaar",
    "voorstel.meten": "liet meten",
    "voorstel.meten_gestopt": "stopte de meting",
    "voorstel.meting_mislukt": "meting mislukt",
    "voorstel.patch": "haalde de patch op",
    "voorstel.tekst": "haalde de tekst op",
    "voorstel.uitgevoerd": "voerde het voorstel uit",
    "voorstel.weggegooid": "gooide een voorstel weg",
    "voorstel.zin_gewijzigd": "wijzigde een zin",
    "voorstel.zin_weg": "haalde een zin weg",
    "wachtrij.gelezen": "las de wachtrij",
    "wachtwoord.gekozen": "koos een wachtwoord",
    "wachtwoord.gewijzigd": "wijzigde het eigen wachtwoord",
    "weergave.bewaard": "bewaarde een weergave",
    "weergave.verwijderd": "verwijderde een weergave",
}
_KINDS = {
    "conversation": "gesprek",
    "correction": "verbetering",
    "proposal": "voorstel",
    "user": "gebruiker",
}


def action(name: str) -> str:
    """Return what was done; a name that is not known stays as it is."""
    return ACTIONS.get(name, name)


def thing(kind: str, number: int | None) -> str:
    """Return what it was done to; empty where it concerns nothing in particular."""
    return f"{_KINDS.get(kind, kind)} {number}" if kind and number is not None else ""


def counted(number: int, one: str, more: str) -> str:
    """Return a number with its word: "1 zin", "2 zinnen"."""
    return f"{number} {one if number == 1 else more}"

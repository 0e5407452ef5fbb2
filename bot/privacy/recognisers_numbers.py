"""National numbers, bank accounts, cards, identity documents, plates, references – and any other long number.

A checksum that fits raises a score; one that fails never lowers it: a mistyped number still points at a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stdnum import luhn
from stdnum.be import nn
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from bot.privacy.span import LIKELY, POSSIBLE, SURE, Span, before, digits

_SEP = r"[ ./\-_·,:]{0,3}"
_NATIONAL = re.compile(
    rf"(?<![\d+])\d{{2}}{_SEP}\d{{2}}{_SEP}\d{{2}}{_SEP}\d{{3}}{_SEP}\d{{2}}(?!\d)|(?<![\d+])\d(?:[ .\-]?\d){{10}}(?![ .\-]?\d)"
)
_AFTER_NATIONAL = re.compile(
    r"(?i)\b(?:rijksregister\w*|rrn|insz|niss|bis-?nummer|nationaal nummer|registre national)\b[^\d\n]{0,30}(\d[\d ./\-]{3,16}\d)(?!\d)"
)
_BROKEN_NATIONAL = re.compile(
    r"(?<!\d)\d{6}[ ,]{1,3}(?:en|dan|daarna|gevolgd door|en dan)[ ,:]{1,3}\d{3}[ .\-]?\d{2}(?!\d)"
)
_OGM = re.compile(
    r"(?:\+{2,3}|\*{2,3})\s?\d(?:[ /.\-]{0,3}\d){9,13}\s?(?:\+{2,3}|\*{2,3})|(?<!\d)\d{3}\s?/\s?\d{4}\s?/\s?\d{5}(?!\d)"
)
_BELGIAN_IBAN = re.compile(r"(?i)(?<![a-z])b\s?e[ .\-]?\d(?:[ .\-_/]{0,3}\d){10,17}(?!\d)")
_COUNTRIES = "AD|AE|AL|AT|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GE|GR|HR|HU|IE|IT|LT|LU|LV|MA|MC|MD|ME|MK|MT|NL|NO|PL|PT|RO|RS|SE|SI|SK|SM|TN|TR|UA|XK"
_IBAN = re.compile(rf"(?i)(?<![a-z\d])(?:{_COUNTRIES})\d{{2}}(?:[ .\-]?[a-z0-9]{{2,4}}){{3,8}}(?![a-z\d])")
_OLD_ACCOUNT = re.compile(r"(?<!\d)\d{3}[ .\-]\d{7}[ .\-]\d{2}(?!\d)")
_CARD = re.compile(
    r"(?<!\d)(?:\d{4}[ .\-/]{1,3}){3}\d{1,7}(?!\d)|(?<!\d)3[47]\d{2}[ .\-]?\d{6}[ .\-]?\d{5}(?!\d)|(?<!\d)\d{16,19}(?!\d)"
)
_SECRET_CODE = re.compile(
    r"(?i)\b(?:cvc|cvv|pin(?:code)?|vervaldatum|wachtwoord|paswoord|itsme[- ]?code)\b(?:\s+(?:is|was|van mij))?\s*:?\s*(\d[\d/ ]{1,7}\d)(?!\d)"
)
_ENDING = re.compile(
    r"(?i)\b(?:eindig\w*(?:\sop|\smet)?|(?:laatste|eerste) (?:twee|drie|vier|vijf|zes|\d) cijfers(?:\s(?:is|zijn|van\s\w+\s\w+\s(?:is|zijn)))?)\s?:?\s(\d[\d ]{1,8}\d)(?!\d)"
)
_PLATE = re.compile(
    r"(?<![\w-])[1-9A-Z][ \-._/]{0,3}[A-Z]{3}[ \-._/]{0,3}\d{3}(?![\w-])"
    r"|(?<![\w-])(?:[1-9][\-._/·]?[a-z]{3}[\-._/·]?|[a-z]-[a-z]{3}-)\d{3}(?![\w-])"
    r"|(?<![\w-])[A-Z]{3}-\d{3}(?![\w-])|(?<![\w-])\d{3}-[A-Z]{3}(?![\w-])"
    r"|(?i:(?<![\w-])(?:[a-z]{2}-\d{3}-[a-z]{1,2}|\d{1,2}-[a-z]{2,3}-\d{1,2}|[a-z]-\d{3}-[a-z]{2}|[a-z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[a-z]{2}|[a-z]{2}-[a-z]{2}-\d{2})(?![\w-]))"
)
_PLATE_LOOSE = re.compile(
    r"(?i)(?:nummerplaat|kenteken|nrplaat|nummerpl|plaat|plaatnummer)\b[^\d\n]{0,25}?((?<!\w)(?!is\b|en\b|was\b|van\b|met\b|de\b|in\b|op\b)(?=[\w .\-]{0,12}\d)(?:[a-z]{1,3}|\d{1,3})(?:[ .\-]?(?!en\b|is\b|was\b|van\b|in\b|op\b|de\b)(?:\d{1,4}|[a-z]{1,3}(?![a-z]))){1,3}(?!\w))"
)
# A plate of any country: capitals and digits in one to three groups, beside a vehicle or a word for a plate.
_FOREIGN_PLATE = re.compile(
    r"(?<![\w-])"
    r"(?!(?:BMW|VW|KIA|MG|DS|GTI|TDI|SUV|NMBS|BTW|EUR|BE|HR|AMG|PV|MTB)\b)"
    r"[A-Z\d]{1,6}(?:[ .\-][A-Z\d]{1,6}){0,3}(?<!EUR)(?<!CV)(?<!PK)(?<!KM)(?<!CC)(?![\w-])"
)
# The Belgian form in small letters with spaces: too much like "1 van 100" to stand alone.
_SMALL_PLATE = re.compile(
    r"(?<![\w-])[1-9][ .\-]?(?!van|per|tot|met|uur|bij|dag|uit|aan|dus|die|dat|nog|ook|keer|man|tov|max|min)[a-z]{3}[ .\-]?\d{3}(?![\w-])"
)
# Three letters that are no word: "2 bvd 917".
_NO_WORD = re.compile(r"[1-9][ .\-]?(?!mln|mld|stk|pnt|pct)[bcdfghjklmnpqrstvwxz]{3}[ .\-]?\d{3}")
_DRIVES = re.compile(r"(?i)\b(?:rijdt?|rijden|reed|reden|geparkeerd|parkeert)\b[^.!?\n]{0,20}$")
_VEHICLE = re.compile(
    r"(?i)\b(?:camionette|bestelwagen|bestelauto|vrachtwagen|camion|(?:mini|bestel)bus|busje|autootje|auto|wagen|moto|scooter|aanhangwagen|caravan|taxi|"
    r"volkswagen|vw|golf|polo|audi|bmw|mercedes|opel|renault|peugeot|citro[eë]n|ford|toyota|tesla|skoda|fiat|dacia|volvo|hyundai|nissan|"
    r"(?:nummer|kenteken)?pla(?:at|ten|atje)|kenteken|inschrijving)\b[^.!?\n]{0,30}$"
)
_IS_PLATE = re.compile(
    r"(?i)[\"'”)]?,?\s{0,2}\(?(?:is|was|stond|staat)?\s{0,2}(?:op|als)?\s{0,2}(?:de|zijn|hun|haar|mijn|een|die)?\s{0,2}(?:\w{2,15}(?:e|se)\s)?(?:nummer)?pla(?:at|ten)\b"
)
_PASSPORT = re.compile(
    r"(?<![\w-])[A-Z]{2}[ .\-]?\d{6,7}(?![\w-])|(?<![\w-])[A-Z][ ]?\d{7}[ ]?\d{2}(?![\w-])|(?<![\w-])[A-Z]\d{8,9}(?![\w-])"
)
_DOCUMENT = re.compile(
    r"(?i)\b(?:paspoort|reispas|pas|identiteitskaart|id-?kaart|e-?id|kaart|verblijfs(?:kaart|titel|vergunning)|vreemdelingenkaart|rijbewijs|bijlage|annex|kids-?id|ov)"
    r"(?:-?\s?(?:nummer|nr)\.?)?(?:\s+(?:is|was|van mij is|met|nummer|nr\.?|heeft|:)){0,4}\s{0,3}[:#]?\s{0,3}((?=(?:[ .\-]?[a-z0-9]){5,})[a-z]{0,3}[ .\-]?\d[\d .\-]{3,14}\d[a-z]{0,2})(?![a-z\d])"
)
_ACCOUNT_WORDS = re.compile(r"(?i)rekening|iban|stort|overschrij|bank|betaal")
_CARD_WORDS = re.compile(r"(?i)visa|master|krediet|bancontact|bankkaart|maestro|betaalkaart|debet|amex")
_IDENTITY_WORDS = re.compile(r"(?i)identiteit|eid\b|e-id|id-?kaart|kaartnummer|verblijf|kids")
_REFERENCE = re.compile(
    r"(?i)\b(?:dossier|zaak|notitie|pv|p\.v\.|proces-verbaal|klacht|klachten|melding|meldings|referentie|ref|kenmerk|klant|klanten|lid|lidkaart|personeels|stam|student|studenten|leerlingen|polis|contract|order|bestel|factuur|ticket|aangifte|inschrijvings|inschrijving|pati[eë]nt|rol|arrest|badge|abonnements|abonnement|mobib|kaart|serie|aansluitings|toegangs|gebruikers|sollicitatie|vacature|aanvraag|ovn?|dvz|rvv|cgvs|ocmw|vdab|kbo|ondernemings|btw|rizivnummer|riziv)"
    r"(?:[- ]?(?:nummer|nr|code|id)\b\.?)?(?:\s+(?:is|was|nummer|nr\.?|met|van|heeft|het|mijn|dossier)){0,4}\s{0,3}[:#=]?\s{0,3}([a-z]{0,6}[.\-/ ]?[\w./\-]{0,20}\d[\w./\-]{0,20}(?: \d{2,6}){0,4})"
)
_LAW_WORDS = re.compile(r"(?i)\b(?:gdpr|avg|verordening|richtlijn|eu|eg|kb|wet|decreet|artikel|art)\b\W*$")
_POLICE_REPORT = re.compile(
    r"(?i)(?<!\w)[a-z]{2}[. ]\d{2}[. ][a-z0-9]{2}[. ]\d{3,6}\s?[/\-. ]\s?\d{2,4}(?!\d)"
)
_CODE = re.compile(
    r"(?<![\w-])[A-Z]{2,6}[-/_]?(?:\d{2,4}[-/_])?\d{4,}(?:[-/_]\d+)?(?![\w-])|(?<![\w-])(?:19|20)\d{2}[/\-][A-Z]{1,4}[/\-]\d{2,}(?!\d)|(?<![\w/-])(?:19|20)\d{2}/\d{3,}(?!\d)"
)
# Letters and digits in one code, with five digits in all: "REF-77410-VAC", "24A12345", "MLV/26/1187-B".
_MIXED_CODE = re.compile(
    r"(?<![\w@./\-])(?=[\d/._\-]{0,20}[A-Za-z])[A-Za-z\d]{1,20}(?:[/._\-][A-Za-z\d]{1,20}){0,6}(?![\w@])"
)
_MEASURE = re.compile(
    r"(?i)(?:\d{1,2}[u:h.]\d{0,2}(?:[-/](?=\d)|$))+|\d[\d.,]*(?:euro|eur|km|m|kg|uur|jaar|x|cm|keer|mensen|frank|k|e|ste|de|er)(?:[/\-].*)?|\d{2,4}/\d{1,4}/(?:eg|eu|eeg)|(?:eu|eg)[/\-]?\d{4}/\d{1,4}|(?:[A-Za-z]+[/\-])?(?:19|20)\d{2}(?:[/\-](?:19|20)?\d{2})?(?:[/\-][A-Za-z]+)?"
)
_LONG = re.compile(
    r"(?<![\d,.€-])\+?\(?\d(?:[ ./\-_·()]{0,6}\d){6,}(?!\d)|(?<![\w,.€/\-])\d{6}(?![\w/]|[.,\-]\d)"
)
_YEARS = re.compile(r"(?:(?:19|20)\d{2}[ ./\-]{1,3})+(?:19|20)\d{2}")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+(?:,\d+)?|[1-9]\d*0{4,}")
_AMOUNT_WORD = re.compile(
    r"(?i)^\s*(?:,\d+)?\s*(?:€|eur|euro|inwoner|mensen|frank|dollar|keer|personen|mechelaars|belgen|stuks|km|meter)|^,-"
)
_HOURS = re.compile(r"\d{1,2}[.:]\d{2}(?:\s?[-/–]\s?\d{1,2}[.:]\d{2})+")


def national_numbers(text: str) -> Iterator[Span]:
    """Find national register numbers and BIS numbers (month + 20 or + 40)."""
    for match in _NATIONAL.finditer(text):
        number = digits(match[0])
        month, day = int(number[2:4]), int(number[4:6])
        if (
            (month % 20 > 12 and month not in {20, 40})
            or month > 52
            or day > 31
            or number[:2] == "00" == number[2:4]
        ):
            continue
        # 0478/… is a mobile number with a digit too many rather than somebody born in 2004 in month 78.
        yield Span(*match.span(), "rijksregisternummer", SURE + 0.04 if nn.is_valid(number) else LIKELY + 0.1)
    for match in _AFTER_NATIONAL.finditer(text):
        if len(digits(match[1])) >= 6:
            yield Span(*match.span(1), "rijksregisternummer", LIKELY)
    for match in _BROKEN_NATIONAL.finditer(text):
        yield Span(*match.span(), "rijksregisternummer", LIKELY)


def accounts(text: str) -> Iterator[Span]:
    """Find IBANs of any country, Belgian account numbers of before 2008, and structured payment references."""
    for match in _BELGIAN_IBAN.finditer(text):
        yield Span(*match.span(), "rekeningnummer", SURE)
    for match in _IBAN.finditer(text):
        if len(digits(match[0])) >= 8:
            yield Span(*match.span(), "rekeningnummer", SURE if _mod97(match[0]) else LIKELY)
    for match in _OLD_ACCOUNT.finditer(text):
        card = before(text, match.start(), _IDENTITY_WORDS) and not before(
            text, match.start(), _ACCOUNT_WORDS, 25
        )
        yield Span(*match.span(), "kaartnummer" if card else "rekeningnummer", LIKELY)
    for match in _OGM.finditer(text):
        yield Span(*match.span(), "referentie", SURE)


def cards(text: str) -> Iterator[Span]:
    """Find bank cards and the codes that go with them."""
    for match in _CARD.finditer(text):
        yield Span(*match.span(), "kaartnummer", SURE if luhn.is_valid(digits(match[0])) else LIKELY)
    for pattern in (_SECRET_CODE, _ENDING):
        for match in pattern.finditer(text):
            yield Span(*match.span(1), "kaartnummer", SURE)


def documents(text: str) -> Iterator[Span]:
    """Find passports, identity and residence cards."""
    for match in _PASSPORT.finditer(text):
        yield Span(*match.span(), "paspoortnummer", LIKELY)
    for match in _DOCUMENT.finditer(text):
        if len(digits(match[1])) >= 5:
            kind = "paspoortnummer" if "pas" in match[0].casefold()[:12] else "kaartnummer"
            yield Span(*match.span(1), kind, LIKELY + 0.01)


def plates(text: str) -> Iterator[Span]:
    """Find Belgian and Dutch licence plates anywhere, those of other countries beside a vehicle or a plate."""
    for match in _PLATE.finditer(text):
        yield Span(*match.span(), "nummerplaat", LIKELY)
    for match in _PLATE_LOOSE.finditer(text):
        if digits(match[1]):
            yield Span(*match.span(1), "nummerplaat", SURE)
    for match in () if text.isupper() else _FOREIGN_PLATE.finditer(text):
        letters = sum(c.isalpha() for c in match[0])
        if not 1 <= letters <= 5 or not 2 <= len(digits(match[0])) <= 8 - letters or len(match[0]) < 5:
            continue
        if _beside_vehicle(text, match):
            yield Span(*match.span(), "nummerplaat", LIKELY)
    for match in _SMALL_PLATE.finditer(text):
        start = match.start()
        if _NO_WORD.fullmatch(match[0]) or before(text, start, _DRIVES, 35) or _beside_vehicle(text, match):
            yield Span(*match.span(), "nummerplaat", LIKELY)


def _beside_vehicle(text: str, match: re.Match[str]) -> bool:
    return before(text, match.start(), _VEHICLE, 45) or _IS_PLATE.match(text, match.end()) is not None


def references(text: str) -> Iterator[Span]:
    """Find file, client and report numbers."""
    for pattern, score in ((_POLICE_REPORT, SURE), (_CODE, POSSIBLE)):
        for match in pattern.finditer(text):
            if not before(text, match.start(), _LAW_WORDS, 25) and not _YEARS.fullmatch(match[0]):
                yield Span(*match.span(), "referentie", score)
    for match in _REFERENCE.finditer(text):
        token = match[1].rstrip(". /-")
        count = len(digits(token))
        named = re.search(
            r"(?i)(?:nummer|nr\b|code\b|id\b|ref|kenmerk)", match[0][: match.start(1) - match.start()]
        )
        if (
            count >= (3 if named else 4)
            and not _AMOUNT_WORD.match(text[match.start(1) + len(token) :][:14])
            and not _YEARS.fullmatch(token)
            and not re.fullmatch(r"(?:19|20)\d{2}", token)
        ):
            yield Span(match.start(1), match.start(1) + len(token), "referentie", POSSIBLE + 0.1)
    for match in _MIXED_CODE.finditer(text):
        if len(digits(match[0])) >= 5 and not _MEASURE.fullmatch(match[0]):
            yield Span(*match.span(), "referentie", POSSIBLE - 0.05)


def long_numbers(text: str) -> Iterable[Span]:
    """Find any other number of seven digits or more that is no amount, no years and no opening hours."""
    for match in _LONG.finditer(text):
        found = match[0]
        count = len(digits(found))
        if before(text, match.start(), _LAW_WORDS, 25):
            continue
        if _YEARS.fullmatch(found) or _HOURS.match(found) or count < 6:
            continue
        rest = text[match.end() : match.end() + 14]
        if _AMOUNT.fullmatch(found) and (
            _AMOUNT_WORD.match(rest) or re.search(r"€\s?$", text[: match.start()])
        ):
            continue
        kind = "rekeningnummer" if before(text, match.start(), _ACCOUNT_WORDS, 25) else "nummer"
        if before(text, match.start(), _CARD_WORDS, 25):
            kind = "kaartnummer"
        yield Span(*match.span(), kind, POSSIBLE - 0.1)


def _mod97(text: str) -> bool:
    compact = re.sub(r"[ .\-]", "", text).upper()
    try:
        return bool(mod_97_10.is_valid(compact[4:] + compact[:4]))
    except ValidationError:
        return False

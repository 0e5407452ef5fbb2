"""Street addresses and dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.privacy.lists import Official
from bot.privacy.span import LIKELY, SURE, Recogniser, Span, before

_END = (
    "straat|str\\.|straatje|laan|lei|weg|baan|steenweg|stwg\\.?|stw\\.|plein|pleintje|vest|markt|dreef|pad|hof|kaai|"
    "park|plaats|gracht|dijk|berg|veld|velden|wijk|ring|boulevard|gang|singel|rei|brug|poort|vaart|rij|steen|poel|werf|"
    "lane|hoek|hoeve|kouter|donk|beek|heide|bos|kant|wal|molen|akker|baantje|wegel|wegeltje|steeg|kerkhof|tuin|rode|ham|stede|put|hul|broek|bilk|bergen|kerk|wende"
)
_CLEAR_END = "straat|str\\.|straatje|laan|lei|weg|baan|steenweg|stwg\\.?|stw\\.|plein|vest|dreef|gracht|dijk|kaai|steeg|boulevard|singel|wegel"
_NUMBER = (
    r"(?:nr\.?\s?|n°\s?|nummer\s|huisnr\.?\s?|huisnummer\s)?\d{1,4}(?:\s?[a-zA-Z](?![a-zA-Z\d])(?!\s\d))?(?:\s?[/\-]\s?\d{1,4})?"
    r"(?:,?\s?(?:bus|box|b\.?|bte|app(?:artement)?\.?|kamer|verdiep|/)\s?\d[\d.A-Za-z]{0,4}(?![a-zA-Z\d])"
    r"|,?\s?(?:bus|box|app(?:artement)?\.?|kamer)\s?[A-Za-z]\d{0,3}(?![a-zA-Z\d]))?"
)
_EDGE = r"(?<![\w'’.\-])"
_NAME_PART = r"(?-i:[A-ZÀ-Ý])[\w'’.\-]{0,30}"
_LINK = r"(?:de|van|der|den|het|ter|ten|la|le|du|of|en|'t|des|op)"
# "Frederik de Merodestraat 12", "Kerkstraat nr 5": capitals lead, any ending that streets have closes.
_STREET = re.compile(
    rf"(?i){_EDGE}(?:{_NAME_PART}[ ](?:{_LINK}[ ]){{0,2}}){{0,3}}(?-i:[A-ZÀ-Ý])(?:[\w'’\-.]{{0,40}}?(?:{_END}|dal|dorp|hout|kerke|laar|zele|loo|lo|broeck|horst|eind|einde)|(?<=D)orp|(?<=H)eide|(?<=K)outer|(?<=V)eld|(?<=D)reef|(?<=B)erg|(?<=H)of)(?:\s*,)?\s+{_NUMBER}(?![\w])"
)
_STREET_SMALL = re.compile(
    rf"(?i){_EDGE}(?:[a-zà-ÿ'’\-]{{3,40}}(?:{_CLEAR_END})|(?:grote|oude|nieuwe|lange|korte|groot|klein)\s[a-zà-ÿ]{{2,40}}(?:{_CLEAR_END}))(?:\s*,)?\s+{_NUMBER}(?![\w%€])(?!\s?(?:euro|jaar|dagen|uur|keer|mensen|mannen|vrouwen|jongens|meter|km|kilometer|personen|maanden|weken|kinderen|politie|agenten|minuten|man))"
)
_FRENCH = re.compile(
    rf"(?i)\b(?:rue|avenue|av\.|chaussée|boulevard|place|allée|quai)\s(?:(?:de|du|des|la|le|l'|d')\s?){{0,3}}[\w'’\-]+(?:\s[A-Z][\w-]+)?,?\s+{_NUMBER}(?!\w)"
)
_NUMBER_FIRST = re.compile(
    rf"(?i)\b(?:nr\.?|nummer|huisnummer)\s?\d{{1,4}}[a-z]?,?\s(?:in|van|op|aan)\s(?:de|het|den|'t)\s(?-i:[A-ZÀ-Ý])[\w'’\-]{{0,40}}?(?:{_END})(?!\w)"
)
_LIVES = re.compile(
    r"(?i)\b(?:woon|woont|wonen|woonde|woonden|woonachtig|adres|verhuis|verhuisd|verhuizen|thuis|gedomicilieerd|domicilie|huis|appartement|studio|flat|kot|huur|logeer|verblijf|buren|buurman|buurvrouw)\b[^.!?\n]{0,30}$"
)
_STREET_ALONE = re.compile(
    rf"{_EDGE}(?:{_NAME_PART}[ ](?:{_LINK}[ ]){{0,2}}){{0,2}}[A-ZÀ-Ý][\w'’\-]{{0,40}}(?:{_CLEAR_END})(?![\w])"
)
_POSTCODE_HOUSE = re.compile(
    r"(?i)(?<!\d)(?:postcode\s*:?\s*)?[1-9]\d{3}(?:\s[A-Za-zÀ-ÿ\-]+)?\s?[,;/]?\s+(?:en\s+)?(?:huis(?:nummer|nr\.?)|nr\.?|nummer|huisnummer)\s*:?\s*\d{1,4}[a-z]?(?:\s?bus\s?\w{1,3})?(?!\w)"
    r"|(?:huis(?:nummer|nr\.?)|nr\.?)\s*:?\s*\d{1,4}[a-z]?,?\s+(?:in\s+|te\s+)?[1-9]\d{3}(?:\s[A-Z][\w-]+)?(?!\d)"
)

_MONTH = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|febr|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY_WORD = (
    "eerste|een|één|twee|tweede|drie|derde|vier|vierde|vijf|vijfde|zes|zesde|zeven|zevende|acht|achtste|negen|negende|tien|elf|"
    "twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:e|ë)ntwintig|"
    "twintig|dertig|eenendertig"
)
_FULL_DATE = (
    rf"{_DAY}\s?[./\- ]\s?(?:0?[1-9]|1[0-2])\s?[./\- ]\s?(?:(?:19|20)\d{{2}}|'?\d{{2}})(?!\d)"
    rf"|{_DAY}(?:e|ste|de)?\s(?:van\s)?(?:{_MONTH})\.?\s(?:(?:19|20)\d{{2}}|['’]\d{{2}}|\d{{2}}(?!\d))"
    r"|(?:19|20)\d{2}[./\-](?:0?[1-9]|1[0-2])[./\-](?:0?[1-9]|[12]\d|3[01])(?!\d)"
)
_DATE = re.compile(rf"(?i)(?<![\d./\-])(?:{_FULL_DATE})")
_SHORT_DATE = re.compile(rf"(?i)(?<![\d./\-]){_DAY}(?:e|ste|de)?\s(?:{_MONTH})\b(?!\.?\s?\d)")
_SPELLED_DATE = re.compile(
    rf"(?i)\b(?:{_DAY_WORD})\s(?:{_MONTH})\s(?:(?:19|20)\d{{2}}|negentienhonderd\w*|tweeduizend\w*)"
)
_BORN = re.compile(
    r"(?i)(?:geboren|geboorte\w*|\bgeb\b\.?|\bgeb\.|°|\bdob\b|verjaar\w*|jarig|\bbirth\w*|geb\.?datum)[^.!?\n\d]{0,30}$|(?:geboren|geboorte\w*|verjaar\w*)[^.!?\n]{0,35}$"
)
# "16 jaar (4/2/'09)", "(4/2/'09, 16 jaar)", "hij is van 12.12.65"; not "al 3 jaar, 12/05/2020 begon het".
_AGE_BEFORE = re.compile(
    r"(?i)(?<!\bal )(?<!\bna )(?<!\bover )(?<!\bbinnen )(?<!\bsinds )(?<!\d)\d{1,2}\s?(?:jaar(?: oud)?|jarige?|j\.?|jr\.?)(?:\s?[(,:;/\-]\s?|\s)$"
)
_AGE_AFTER = re.compile(
    r"(?i)\s?[,;/\-(]?\s?(?:dus\s)?(?:bijna\s)?\d{1,2}\s?(?:jaar|jarige?|j\.|jr)\b(?! geleden)"
)
_PERSON_OF = re.compile(
    r"(?i)\b(?:ik ben|ben ik|(?:ik|jij|hij|zij|ze|zoon(?:tje)?|dochter(?:tje)?|man|vrouw|moeder|vader|mama|papa|broer(?:tje)?|zus(?:je)?|kind|vriend(?:in)?|collega|partner) (?:is|ben|was)|(?:is|was) (?:hij|zij|ze)) (?:er |ook |zelf )?(?:een |eentje )?van\s$"
)
# Two digits for a year that is long past, with one separator throughout: "12.12.65", "4/2/'09", "12/3/85".
_SHORT_YEAR = re.compile(r"\d{1,2}\s?([./\-])\s?\d{1,2}\s?\1\s?['’]?(\d{2})")
_LAW_ANY = re.compile(
    r"(?i)\b(?:\w*wet|wetten|wetgeving|decreet|decreten|besluit|kb|richtlijn|verdrag|verordening|arrest|artikel|ordonnantie)\b"
)
_OF_LAW = re.compile(r"(?i)\b(?:die|dat|deze|diegene|degene|eentje)\s(?:van|dd\.?|uit)\s$")
_LAW = re.compile(
    r"(?i)\b(?:\w*wet|wetten|decreet|besluit|kb|richtlijn|verdrag|verordening|arrest|artikel|ordonnantie|versie)\b[^.!?\n]{0,30}$"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
LATEST_BIRTH_YEAR = (
    2012  # a full date up to here is read as a date of birth: complaints are about the last years
)
RECENT = 40  # two digits for a year from LATEST_BIRTH_YEAR up to here are of an event: "12/05/24"


def addresses(streets: Sequence[str], towns: Sequence[str], official: Official) -> Recogniser:
    """Return a recogniser of addresses.

    A street with a number always is one; a street alone only where somebody lives there; a town never.
    """
    listed = "|".join(re.escape(street) for street in streets)
    known = re.compile(rf"(?i)(?<!\w)(?:{listed})(?:\s*,)?\s+{_NUMBER}(?!\w)")
    known_alone = re.compile(rf"(?i)(?<!\w)(?:{listed})(?!\w)")

    named = "|".join(re.escape(town) for town in towns)
    town_after = re.compile(
        rf"(?i),?\s+(?:(?:te|in)\s)?(?:B(?:E)?-?)?[1-9]\d{{3}}(?!\d)(?:\s+(?:(?:{named})(?!\w)|(?-i:[A-ZÀ-Ý])[\w-]+(?:[ -](?-i:[A-Z])[\w-]+)*))?"
        rf"|,?\s+(?:(?:te|in)\s)?(?:{named})(?!\w)"
    )
    town_before = re.compile(
        rf"(?i)(?<!\w)(?:(?:[1-9]\d{{3}}\s+)?(?:{named})|[1-9]\d{{3}}\s+(?-i:[A-ZÀ-Ý])[\w-]{{1,30}})(?:,\s*|\s+(?:(?:op|in|aan)\s(?:de|het)\s)?)$"
    )

    def widened(text: str, start: int, end: int) -> Span:
        """Take in the town on either side."""
        after = town_after.match(text, end)
        reach = max(0, start - 60)
        ahead = town_before.search(text[reach:start])
        return Span(reach + ahead.start() if ahead else start, after.end() if after else end, "adres", SURE)

    def find(text: str) -> Iterator[Span]:
        for pattern in (known, _STREET, _STREET_SMALL, _FRENCH, _NUMBER_FIRST):
            for match in pattern.finditer(text):
                low = match[0].casefold()
                if not any(re.search(rf"{re.escape(address)}(?!\w)", low) for address in official.addresses):
                    yield widened(text, *match.span())
        for match in _POSTCODE_HOUSE.finditer(text):
            yield Span(*match.span(), "adres", LIKELY)
        for pattern in (known_alone, _STREET_ALONE):
            for match in pattern.finditer(text):
                if before(text, match.start(), _LIVES, 45):
                    yield Span(*match.span(), "adres", LIKELY)

    return find


def birth_dates(text: str) -> Iterator[Span]:
    """Find dates of birth: a date after a word of birth, beside an age, of a person, or any full date that is long past."""
    for match in _DATE.finditer(text):
        start, end = match.span()
        if before(text, start, _BORN, 45):
            yield Span(start, end, "geboortedatum", SURE)
        elif _is_law(text, start):
            continue
        elif (
            _long_past(match[0])
            or before(text, start, _AGE_BEFORE, 25)
            or _AGE_AFTER.match(text, end)
            or before(text, start, _PERSON_OF, 45)
        ):
            yield Span(start, end, "geboortedatum", LIKELY)
    for pattern in (_SHORT_DATE, _SPELLED_DATE):
        for match in pattern.finditer(text):
            if before(text, match.start(), _BORN, 45):
                yield Span(*match.span(), "geboortedatum", LIKELY)


def _long_past(date: str) -> bool:
    if year := _YEAR.search(date):
        return int(year[0]) <= LATEST_BIRTH_YEAR
    short = _SHORT_YEAR.fullmatch(date)
    return short is not None and not LATEST_BIRTH_YEAR - 2000 < int(short[2]) <= RECENT


def _is_law(text: str, start: int) -> bool:
    """Tell whether the date at ``start`` is that of a law: "de wet van …", "Welke wet is dat? Die van …"."""
    if before(text, start, _LAW, 45):
        return True
    return before(text, start, _OF_LAW, 15) and before(text, start, _LAW_ANY, 150)


def plain_dates(text: str) -> list[tuple[int, int]]:
    """Return where full dates stand that are of an event, so that they are not taken for a number."""
    return [match.span() for match in _DATE.finditer(text)]

"""Street addresses and dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.privacy.lists import Official
from bot.privacy.span import LIKELY, SURE, Recogniser, Span, before

_END = (
    "straat|str\\.|straatje|laan|ln\\.|lei|weg|baan|steenweg|stwg\\.?|stw\\.|plein|pleintje|vest|markt|dreef|pad|hof|kaai|"
    "park|plaats|gracht|dijk|berg|veld|velden|wijk|ring|boulevard|gang|singel|rei|brug|poort|vaart|rij|steen|poel|werf|"
    "lane|hoek|hoeve|kouter|donk|beek|heide|bos|kant|wal|molen|akker|baantje|wegel|wegeltje|steeg|kerkhof|tuin|rode|ham|stede|put|hul|broek|bilk|bergen|kerk|wende"
)
_CLEAR_END = "straat|str\\.|straatje|laan|ln\\.|lei|weg|baan|steenweg|stwg\\.?|stw\\.|plein|vest|dreef|gracht|dijk|kaai|steeg|boulevard|singel|wegel"
_NUMBER = (
    r"(?:nr\.?\s?|n°\s?|nummer\s|huisnr\.?\s?|huisnummer\s)?\d{1,4}(?:\s?[a-zA-Z](?![a-zA-Z\d])(?!\s\d))?(?:\s?[/\-]\s?\d{1,4})?"
    r"(?:,?\s?\(?(?:bus|box|b\.?|bte|app(?:artement)?\.?|kamer|verdiep|/)\s?\d[\d.A-Za-z]{0,4}(?![a-zA-Z\d])"
    r"|,?\s?(?:bus|box|app(?:artement)?\.?|kamer)\s?[A-Za-z]\d{0,3}(?![a-zA-Z\d])"
    r"|,?\s?\(?\d{1,2}(?:ste|de|e)\s?(?:verdiep(?:ing)?|verd\.|etage)\)?(?!\w))?"
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
    rf"(?i)\b(?:rue|ruelle|avenue|av\.|chaussée|boulevard|bd\.|place|placette|allée|quai|chemin|sentier|clos|impasse|route|voie|venelle|drève|cité|square|cour|cours|rond-point|montée|thier|faubourg|résidence|parc|champ|chée)\s"
    rf"(?:[\w'’.\-]{{1,30}},?\s){{1,6}}?{_NUMBER}(?!\w)"
)
_HOUSE_NUMBER = re.compile(
    rf"(?i)(?:(?<=[\w.]\s)|(?<=,\s)){_NUMBER}(?![\w%€])(?!\s?(?:euro|jaar|dagen|uur|keer))"
)
_WORD_BEFORE = re.compile(r"(?<![\w'’\-])[^\W\d_][\w'’.\-]*")
_NUMBER_FIRST = re.compile(
    rf"(?i)\b(?:nr\.?|nummer|huisnummer)\s?\d{{1,4}}[a-z]?,?\s(?:in|van|op|aan)\s(?:de|het|den|'t)\s(?-i:[A-ZÀ-Ý])[\w'’\-]{{0,40}}?(?:{_END})(?!\w)"
)
_LIVES_THERE = re.compile(
    r"(?i)\b(?:woon|woont|wonen|woonde|woonden|woonachtig|adres|verhuis|verhuisd|verhuizen|thuis|gedomicilieerd|domicilie|huis|appartement|studio|flat|kot|huur|logeer|verblijf|buren|buurman|buurvrouw)\b"
)
_LIVES = re.compile(_LIVES_THERE.pattern + r"[^.!?\n]{0,30}$")
_STREET_ALONE = re.compile(
    rf"{_EDGE}(?:{_NAME_PART}[ ](?:{_LINK}[ ]){{0,2}}){{0,2}}[A-ZÀ-Ý][\w'’\-]{{0,40}}(?:{_CLEAR_END})(?![\w])"
)
_POSTCODE_HOUSE = re.compile(
    r"(?i)(?<!\d)(?:postcode\s*:?\s*)?[1-9]\d{3}(?:\s[A-Za-zÀ-ÿ\-]+)?\s?[,;/]?\s+(?:en\s+)?(?:huis(?:nummer|nr\.?)|nr\.?|nummer|huisnummer)\s*:?\s*\d{1,4}[a-z]?(?:\s?bus\s?\w{1,3})?(?!\w)"
    r"|\bpostbus\s\d{1,5}(?:,?\s[1-9]\d{3}\s[A-Z][\w-]+)?"
    r"|(?:huis(?:nummer|nr\.?)|nr\.?)\s*:?\s*\d{1,4}[a-z]?,?\s+(?:in\s+|te\s+)?[1-9]\d{3}(?:\s[A-Z][\w-]+)?(?!\d)"
)

_MONTH = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|febr|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec"
_MONTH += (
    "|januar|februar|märz|juni|juli|oktober|dezember|dez|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre"
    "|january|february|march|june|july|august|october|december|mar|oct|dec|I{1,3}|IV|VI{0,3}|IX|XI{0,2}"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY_WORD = (
    "eerste|een|één|twee|tweede|drie|derde|vier|vierde|vijf|vijfde|zes|zesde|zeven|zevende|acht|achtste|negen|negende|tien|elf|"
    "twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:e|ë)ntwintig|"
    "twintig|dertig|eenendertig"
)
_FULL_DATE = (
    rf"{_DAY}\s?[./\- ]\s?(?:0?[1-9]|1[0-2])\s?[./\- ]\s?(?:(?:19|20)\d{{2}}|'?\d{{2}})(?!\d)"
    rf"|{_DAY}(?:e|ste|de|\.|er)?[ \-./]{{0,2}}(?:van\s)?(?:{_MONTH})\.?[ \-./]{{0,2}}(?:(?:19|20)\d{{2}}|['’]\d{{2}}|\d{{2}})(?![\d:u])"
    rf"|(?=[a-z])(?:{_MONTH})\.?\s{_DAY}(?:th|st|nd|rd)?,?\s(?:19|20)\d{{2}}(?!\d)"
    r"|(?:19|20)\d{2}[./\-](?:0?[1-9]|1[0-2])[./\-](?:0?[1-9]|[12]\d|3[01])(?!\d)"
)
_DATE = re.compile(rf"(?i)(?<![\w./\-])(?:{_FULL_DATE})")
_SHORT_DATE = re.compile(rf"(?i)(?<![\d./\-]){_DAY}(?:e|ste|de)?\s(?:{_MONTH})\b(?!\.?\s?\d)")
_SPELLED_DATE = re.compile(
    rf"(?i)\b(?:{_DAY_WORD})\s(?:{_MONTH}|van de \w{{3,9}}de)\s(?:(?:19|20)\d{{2}}|negentienhonderd\w*|tweeduizend\w*|\w{{0,12}}tig)\b"
)
# "ik word 18 op 30/11": who says an age with it gives a birthday away.
_BIRTHDAY = re.compile(
    r"(?i)\bword[te]?n?\s(?:\w{1,12}\s){0,2}\d{1,2}(?:\sjaar)?\s(?:op|de|den|in)\s"
    rf"(\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}(?![\d/.\-]*\d)|{_DAY}(?:e|ste|de)?\s(?:{_MONTH})\b)"
    r"|(?:jarig|verjaar\w*|geboren|geb\.)\s(?:\w{1,12}\s){0,3}(\d{1,2}[/\-]\d{1,2})(?![\d/.\-]*\d)"
)
_MONTH_OF_BIRTH = re.compile(rf"(?i)\b(?:{_MONTH})\s(?:van\s)?(?:(?:19|20)\d{{2}}|['’]\d{{2}})(?!\d)")
_BORN = re.compile(
    r"(?i)(?:geboren|geboorte\w*|\bgeb\b\.?|\bgeb\.|°|\bdob\b|verjaar\w*|jarig|\bbirth\w*|geb\.?datum)[^.!?\n\d]{0,30}$|(?:geboren|geboorte\w*|verjaar\w*)[^.!?\n]{0,35}$"
)
# "16 jaar (4/2/'09)", "(4/2/'09, 16 jaar)", "hij is van 12.12.65"; not "al 3 jaar, 12/05/2020 begon het".
_AGE_BEFORE = re.compile(
    r"(?i)(?<!\bal )(?<!\bna )(?<!\bover )(?<!\bbinnen )(?<!\bsinds )(?<!\d)\d{1,2}\s?(?:jaar(?: oud)?|jarige?|j\.?|jr\.?)(?:\s?[(,:;/\-]\s?|\s)$"
)
_AGE_AFTER = re.compile(
    r"(?i)\s(?:geboren|jarig)\b|\s?[,;/\-(]?\s?(?:dus\s)?(?:bijna\s)?\d{1,2}\s?(?:jaar|jarige?|j\.|jr)\b(?! geleden)"
)
_PERSON_OF = re.compile(
    r"(?i)\b(?:ik ben|ben ik|(?:ik|jij|hij|zij|ze|zoon(?:tje)?|dochter(?:tje)?|baby|kind(?:je)?|kleine|peuter|kleuter|man|vrouw|moeder|vader|mama|papa|broer(?:tje)?|zus(?:je)?|kind|vriend(?:in)?|collega|partner) (?:is|ben|was)|(?:is|was) (?:hij|zij|ze)) (?:er |ook |zelf )?(?:een |eentje )?van\s$"
)
# Two digits for a year that is long past, with one separator throughout: "12.12.65", "4/2/'09", "12/3/85".
_SHORT_YEAR = re.compile(
    r"\d{1,2}\s?([./\-])\s?\d{1,2}\s?\1\s?['’]?(\d{2})|\d{1,2}\S{0,3}[^\d]{3,14}(?<!\d)['’]?(\d{2})"
)
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


def addresses(
    streets: Sequence[str], far: frozenset[str], towns: Sequence[str], official: Official
) -> Recogniser:
    """Return a recogniser of addresses.

    Args:
        streets: streets of the city that their form does not give away.
        far: those of the whole country, in small letters.
        towns: what may stand on either side of a street.
        official: what stays.

    A street with a number always is one; a street alone only where somebody lives there; a town never.
    """
    listed = "|".join(re.escape(street) for street in streets)
    near = frozenset(street.casefold() for street in streets)
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

    def is_official(found: str) -> bool:
        low = found.casefold()
        return any(
            address in low and re.search(rf"{re.escape(address)}(?!\w)", low)
            for address in official.addresses
        )

    def listed_before(text: str, number: re.Match[str]) -> int | None:
        """Return where a listed street begins that stands right before a number."""
        begin = None
        words = list(_WORD_BEFORE.finditer(text, max(0, number.start() - 60), number.start()))
        for word in reversed(words[-5:]):
            name = text[word.start() : number.start()].strip(" ,").casefold()
            # In small letters only a long name in one word is sure to be a street of elsewhere.
            if name in near or (
                name in far and (word[0][0].isupper() or (len(name) >= 8 and " " not in name))
            ):
                begin = word.start()
        return begin

    def find(text: str) -> Iterator[Span]:
        for match in _HOUSE_NUMBER.finditer(text):
            begin = listed_before(text, match)
            if begin is not None and not is_official(text[begin : match.end()]):
                yield widened(text, begin, match.end())
        for pattern in (_STREET, _STREET_SMALL, _FRENCH, _NUMBER_FIRST):
            for match in pattern.finditer(text):
                if not is_official(match[0]):
                    yield widened(text, *match.span())
        for match in _POSTCODE_HOUSE.finditer(text):
            yield Span(*match.span(), "adres", LIKELY)
        for pattern in (known_alone, _STREET_ALONE) if _LIVES_THERE.search(text) else ():
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
    for match in _BIRTHDAY.finditer(text):
        yield Span(*match.span(match.lastindex or 0), "geboortedatum", LIKELY)
    for pattern in (_SHORT_DATE, _SPELLED_DATE, _MONTH_OF_BIRTH):
        for match in pattern.finditer(text):
            spelled = pattern is _SPELLED_DATE and "negentienhonderd" in match[0].casefold()
            if spelled or before(text, match.start(), _BORN, 45):
                yield Span(*match.span(), "geboortedatum", LIKELY)


def _long_past(date: str) -> bool:
    if year := _YEAR.search(date):
        return int(year[0]) <= LATEST_BIRTH_YEAR
    short = _SHORT_YEAR.fullmatch(date)
    return short is not None and not LATEST_BIRTH_YEAR - 2000 < int(short[2] or short[3]) <= RECENT


def _is_law(text: str, start: int) -> bool:
    """Tell whether the date at ``start`` is that of a law: "de wet van …", "Welke wet is dat? Die van …"."""
    if before(text, start, _LAW, 45):
        return True
    return before(text, start, _OF_LAW, 15) and before(text, start, _LAW_ANY, 150)


def plain_dates(text: str) -> list[tuple[int, int]]:
    """Return where full dates stand that are of an event, so that they are not taken for a number."""
    return [match.span() for match in _DATE.finditer(text)]

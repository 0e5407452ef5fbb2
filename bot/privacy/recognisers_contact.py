"""Phone numbers, e-mail addresses, links and user names, in the notations people use to slip past a filter too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from bot.privacy.lists import Official, national
from bot.privacy.span import LIKELY, POSSIBLE, SURE, Recogniser, Span, before, digits

_PHONE = re.compile(
    r"(?<![\d+])(?:\+|00)\s?\(?\d{1,3}\)?(?:[ ./\-()_·,]{0,6}\d){6,12}(?!\d)"
    r"|(?<![\d+])\(?(?:0|(?<!\w)[oO])\d(?:[ ./\-()_·,]{0,6}\d){6,8}(?![\d])"
    r"|(?<![\w+.,/-])(?:32[ ./\-]{0,2})?4[5-9]\d(?:[ ./\-]{0,2}\d{2}){3}(?!\d)"
    r"|(?<![\w+.,/-])32[ ./\-]{0,2}4[5-9]\d(?:[ ./\-]{0,2}\d){6}(?!\d)"
)
_PHONE_WORDS = re.compile(
    r"(?i)\b(?:tel(?:efoon)?(?:nummer|nr)?|gsm(?:-?nummer|nr)?|mobiel|nummer|bel(?:len)?|sms|whats?app|fax)\b[^\d\n]{0,20}(\d(?:[ ./\-]{0,2}\d){5,8})(?!\d)"
)
_ONES = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_TEENS = "tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_WORD = rf"(?:nul|(?:(?:{_ONES}|tweeë?|drieë?)(?:ë|e)n)?(?:{_TENS})|{_TEENS}|{_ONES})(?:honderd)?"
_SPELLED = re.compile(rf"(?i)\b(?:{_WORD}|\d{{1,4}})(?:[ ,.;\-]{{1,3}}(?:en )?(?:{_WORD}|\d{{1,4}})){{4,}}\b")
# "nulvierennegentig zevenentwintig 31 60", "0499 zevenentwintig eenendertig zestig"
_STARTS_SPELLED = re.compile(
    rf"(?i)\b(?:nul(?:{_WORD})?|0\d{{0,3}}(?:{_WORD})?)(?:[ ,.;\-]{{1,3}}(?:en )?(?:nul)?(?:{_WORD}|\d{{1,6}})){{2,12}}\b"
)
_OTHER_DIGITS = (
    "(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|double)",
    "(?:z[eé]ro|un|deux|trois|quatre|cinq|six|sept|huit|neuf)",
)
_SPELLED_ELSEWHERE = re.compile(
    "(?i)" + "|".join(rf"\b{word}(?:[ ,.\-]{{1,3}}{word}){{5,}}\b" for word in _OTHER_DIGITS)
)
# "0499 en dan 27 31 60", "begint met 0499 en eindigt op 273160"
_BROKEN = re.compile(
    r"(?i)(?<![\w+])(?:\+|0)\d{1,9}(?:[ ./\-]{1,2}\d{2,9}){0,5}"
    r"(?:[ ,.;]{1,3}(?:en|dan|daarna|nog|gevolgd|door|eindigt|eindigend|op|met|slash|streepje|punt|schuine|streep|spatie|liggend)\b){1,4}"
    r"[ ,:]{1,3}\d{2,9}(?:[ ./\-]{1,2}\d{2,9}){0,5}(?!\d)"
)
_COUNTING = re.compile(r"(?i)(?:een|één|1)\W{1,3}(?:twee|2)\W{1,3}(?:drie|3)\b")
_NUMBER_WORD = re.compile(rf"(?i)\b{_WORD}\b")

_SINGLE = frozenset(("nul", *_ONES.split("|")))
_LETTER = re.compile(r"[^\W\d]")

_DOT = r"\s?(?:\.|\(dot\)|\[dot\]|\{dot\}|\(punt\)|\[punt\]|-?\b(?:punt|dot|point)\b-?)\s?"
_AT = r"\s?(?:@|＠|\(at\)|\[at\]|\{at\}|<at>|\(a\)|\[a\]|\(@\)|\[@\]|-?\b(?:(?:ape?n?|aap)[ -]?staart(?:je)?|at-teken|arobase|at)\b-?)\s?"
_GLUE = r"\s(?:underscore|laag streepje|streepje|koppelteken|liggend streepje|min)\s"
_TLD = r"(?:be|com|net|org|nl|eu|fr|de|info|gent|brussels|vlaanderen|me|io|uk|co|edu|ma|tr|pl|ro|es|it)"
# Every repetition is bounded and starts at the edge of a word, so that no text takes long (tests/privacy/test_speed.py).
_LOCAL = r"(?<![\w.+\-'])[\w+\-']{1,64}?"
_EMAIL = re.compile(
    rf"(?i){_LOCAL}(?:(?:{_DOT}|{_GLUE})[\w+\-']{{1,64}}?){{0,6}}{_AT}[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{0,4}}?{_DOT}{_TLD}\b"
    r"|(?<![\w.+\-'])[\w.+\-']{1,64}\s?@\s?[\w\-]{1,63}(?:\s?\.\s?[\w\-]{1,63}){1,5}"
    r"|(?<![\w.+\-'])[\w.+\-']{1,64}@[\w\-.]{1,100}"
)
_HAS_AT = re.compile(rf"(?i){_AT}")
_FREE_MAIL = re.compile(
    r"(?i)(?<![\w.+\-'])[\w.+\-']{2,64}\s(?:bij|op)\s(?:gmail|hotmail|outlook|telenet|skynet|yahoo|icloud|proximus)\b(?:\s?\.\s?\w+)?"
)

_URL = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"')]+|(?<![\w.\-])(?:[\w-]{1,63}\.){0,4}(?:facebook|instagram|linkedin|twitter|x|tiktok|youtube|snapchat|t|wa|fb|youtu|goo|drive\.google|docs\.google|maps\.google|maps\.app\.goo|bit|strava|discord|pinterest|reddit|threads|telegram)\.(?:com|me|be|gl|ly|net|gg)/[^\s<>\"')]+"
    rf"|(?<![\w.\-])(?:[\w-]{{1,63}}\.){{1,6}}{_TLD}/[^\s<>\"')]+"
)
_PERSONAL_PATH = re.compile(r"[?=#~@&%]|\d{4,}")
_HOST = re.compile(r"(?i)(?:https?://)?(?:www\.)?([^/?#]+)(/?.*)")

_HANDLE = re.compile(
    r"(?<![\w.@/])@[A-Za-z_][\w.]{1,29}(?<!\.)|(?<!\w)[\w.]{2,32}#\d{4}(?!\d)|(?<!\w)u/[\w-]{3,20}"
)
_SIGN_IN_HANDLE = re.compile(r"[\d_]|\w\.\w")
_HANDLE_WORDS = re.compile(
    r"(?i)\b(?:ig|insta(?:gram)?|snap(?:chat)?|tik\s?tok|facebook|fb|twitter|telegram|discord|signal|messenger|skype|linkedin|youtube|gebruikersnaam|username|user|account|accountnaam|profiel(?:naam)?|nick(?:name)?|handle|login|insta-?account|gamertag|psn|xbox|gmail|hotmail|outlook|mailadres|e-?mail(?:adres)?)"
    r"(?:[ -]?(?:account|naam|profiel|id|handle))?(?:\s+(?:is|heet|van mij is|op|onder|als|met|naam|de naam|ik|ben|noem|mij|me|staat?|zit|vind|je)){0,5}(?:\s{0,3}[:=(]\s{0,3}|\s{1,3})[\"'“]?(@?[A-Za-z_][\w.\-]{0,40}\w)"
)
# "mijn tiktok is zonnebloem": without a digit or a dot only where the word closes the clause and says nothing of the account.
_OWN_HANDLE = re.compile(
    r"(?i)\b(?:m(?:ij)?n|onze|z(?:ij)?n|haar|hun)\s(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|twitter|telegram|discord|skype|gebruikersnaam|username|nick(?:name)?|login|gamertag)"
    r"(?:[ -]?(?:account|naam|profiel|id))?\s?(?:is|heet|:)\s{1,3}[\"'“]?(?!(?:ge|be|ver|af|op|weg|ont)[a-z]+[dtn]\b)([a-z][\w.\-]{3,40}\w)(?=[\"'”]?\s*(?:$|[.,;!?\n)]|(?:en|dus|daar|maar)\b))"
)
_ABOUT_ACCOUNT = frozenset(
    [
        "privé",
        "openbaar",
        "publiek",
        "kapot",
        "dicht",
        "gewoon",
        "leeg",
        "nieuw",
        "anoniem",
        "actief",
        "inactief",
        "onveilig",
        "veilig",
        "hetzelfde",
        "dezelfde",
        "fout",
        "belangrijk",
        "offline",
        "online",
        "onbekend",
        "anders",
        "terug",
        "zichtbaar",
        "geheim",
    ]
)
_HANDLE_FIRST = re.compile(
    r"(?i)(?<![\w.@])([a-z][\w.\-]{1,40}\w)[\"'”]?,?\s(?:is|was)\s(?:m(?:ij)?n|z(?:ij)?n|haar|hun|de)\s(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|facebook|twitter|telegram|discord|skype|gebruikersnaam|username|account|accountnaam|profielnaam|nick(?:name)?|login|gamertag)\b"
)
_UNDERSCORED = re.compile(
    r"(?<![\w/\[.])(?=[\w.]{0,40}_)(?:[A-Za-z][A-Za-z0-9.]{0,30}_\w{2,30}(?:\.\w{2,20}){0,3}|_[A-Za-z][\w.]{1,30})(?![\w\]])"
)
_NETWORKS = r"insta\w*|snap\w*|tik\s?tok|facebook|fb|twitter|telegram|discord"
# "jef.vd.straeten", "lien.vanhoof06": a user name where the message is about what happens online, else words without spaces.
_DOTTED = re.compile(
    rf"(?i)(?<![\w@/.\-])(?!www\.|[a-z\d.]{{2,80}}\.{_TLD}\b)[a-z][a-z\d]{{1,20}}(?:(?:\.[a-z\d]{{2,20}}){{2,4}}|\.[a-z]{{0,20}}\d{{2,4}})(?![\w@/])"
)
_ONLINE = re.compile(
    rf"(?i)\b(?:{_NETWORKS}|youtube|messenger|comments?|reacties?|post|gepost|dm'?s?|story|profiel|account|gebruikersnaam|online)\b"
)
_PLATFORM = re.compile(
    rf"(?i)\b(?:{_NETWORKS}|vinted|tinder|grindr|fortnite|roblox|minecraft|marktplaats|2dehands|tweedehands|steam|twitch|reddit|x|speler|gamer|profiel|account|gebruiker)\b"
)
_MIXED = re.compile(r"(?<![\w@/.\-])[A-Za-z]{4,20}\d{1,4}(?![\w@.\-])")
_DISPLAY_NAME = re.compile(
    r"\b(?:(?:heet|noemt zich|naam)\s(?:zich\s)?op\s(?i:facebook|fb|instagram|insta|tiktok|twitter|messenger|whatsapp)|(?i:(?:facebook|fb|profiel|account|gebruikers|messenger|insta)-?naam)(?:\sis)?)\s?:?\s((?:[A-ZÀ-Ý][\w'’\-]{1,30}\s?){1,3})"
)


def phone_numbers(official: Official) -> Recogniser:
    """Return a recogniser of phone numbers that leaves the official ones alone."""

    def find(text: str) -> Iterator[Span]:
        for match in _PHONE.finditer(text):
            if national(match[0]) in official.phones:
                continue
            yield Span(*match.span(), "telefoonnummer", SURE if _is_valid(match[0]) else LIKELY)
        for found in phonenumbers.PhoneNumberMatcher(text, "BE"):
            if national(found.raw_string) not in official.phones:
                yield Span(found.start, found.end, "telefoonnummer", SURE)
        for match in _PHONE_WORDS.finditer(text):
            if national(match[1]) not in official.phones:
                yield Span(*match.span(1), "telefoonnummer", POSSIBLE + 0.1)
        for match in _SPELLED.finditer(text):
            if len(_NUMBER_WORD.findall(match[0])) >= 3 and not _COUNTING.match(match[0]):
                yield Span(*match.span(), "telefoonnummer", LIKELY)
        for match in _STARTS_SPELLED.finditer(text):
            if _LETTER.search(match[0]) and _spelled_digits(match[0]) >= 8:
                yield Span(*match.span(), "telefoonnummer", LIKELY)
        for match in _SPELLED_ELSEWHERE.finditer(text):
            yield Span(*match.span(), "telefoonnummer", LIKELY)
        for match in _BROKEN.finditer(text):
            if 8 <= len(digits(match[0])) <= 14 and national(match[0]) not in official.phones:
                yield Span(*match.span(), "telefoonnummer", LIKELY)

    return find


def _is_valid(found: str) -> bool:
    """Tell whether a number exists in the numbering plan of its country: that raises the score and decides nothing."""
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(found, "BE")))
    except phonenumbers.NumberParseException:
        return False


def _spelled_digits(text: str) -> int:
    """Return how many digits a spelled number stands for, at least."""
    words = re.findall(rf"(?i)nul|{_WORD}", text)
    return len(digits(text)) + sum(1 if word.casefold() in _SINGLE else 2 for word in words)


def is_official(text: str, span: Span, official: Official) -> bool:
    """Tell whether a number is one of the official channels'."""
    return national(text[span.start : span.end]) in official.phones


def emails(official: Official) -> Recogniser:
    """Return a recogniser of e-mail addresses that leaves the official ones alone."""

    def find(text: str) -> Iterator[Span]:
        for pattern in (_EMAIL, _FREE_MAIL) if _HAS_AT.search(text) else (_FREE_MAIL,):
            for match in pattern.finditer(text):
                start, end = match.start(), match.start() + len(match[0].rstrip("."))
                if match[0].startswith("@") or any(
                    address.startswith(match[0].rstrip(".").casefold()) for address in official.emails
                ):
                    continue
                yield Span(start, end, "e-mail", SURE)

    return find


def links(official: Official) -> Recogniser:
    """Return a recogniser of links that lead to a person or a file.

    The front page of any site stays, and so does a page of an official channel that carries no parameter or number.
    """

    def find(text: str) -> Iterator[Span]:
        for match in _URL.finditer(text):
            found = match[0].rstrip(".,;:!?")
            parts = _HOST.match(found)
            if parts is None:
                continue
            host, path = parts[1].casefold(), parts[2].rstrip("/")
            if not path or (host in official.hosts and not _PERSONAL_PATH.search(path)):
                continue
            yield Span(match.start(), match.start() + len(found), "link", SURE + 0.01)

    return find


def handles(text: str) -> Iterator[Span]:
    """Find user names of social media."""
    for match in _HANDLE.finditer(text):
        yield Span(*match.span(), "gebruikersnaam", LIKELY)
    for match in _HANDLE_WORDS.finditer(text):
        name = match[1]
        if name.startswith("@") or _SIGN_IN_HANDLE.search(name):
            yield Span(*match.span(1), "gebruikersnaam", LIKELY)
    for match in _HANDLE_FIRST.finditer(text):
        if _SIGN_IN_HANDLE.search(match[1]):
            yield Span(*match.span(1), "gebruikersnaam", LIKELY)
    for match in _OWN_HANDLE.finditer(text):
        if match[1].casefold() not in _ABOUT_ACCOUNT:
            yield Span(*match.span(1), "gebruikersnaam", POSSIBLE)
    for match in _UNDERSCORED.finditer(text):
        yield Span(*match.span(), "gebruikersnaam", POSSIBLE)
    for match in _DOTTED.finditer(text):
        start, end = match.span()
        if before(text, start, _ONLINE, 80) or _ONLINE.search(text[end : end + 40]):
            yield Span(start, end, "gebruikersnaam", POSSIBLE)
    for match in _MIXED.finditer(text):
        if before(text, match.start(), _PLATFORM):
            yield Span(*match.span(), "gebruikersnaam", POSSIBLE)
    for match in _DISPLAY_NAME.finditer(text):
        yield Span(match.start(1), match.start(1) + len(match[1].rstrip()), "gebruikersnaam", LIKELY)

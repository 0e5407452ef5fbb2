"""Random identifiers in random notations inside random sentences."""

import re

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

_SEPARATORS = st.sampled_from(["", " ", ".", "-", "/", " / ", "  "])
_BEFORE = [
    "mijn nummer is",
    "bel mij op",
    "noteer",
    "ik ben",
    "het is",
    "ze vroegen",
    "op papier staat",
    "stuur naar",
    "",
]
_AFTER = [
    "maar zeg het niet",
    "en wat nu",
    "alstublieft",
    "",
    ", dank u",
    ". Ik was er om 14.30 uur",
    "!",
    "?",
    " want dat wil ik",
]
_STORY = [
    "Mijn baas scheldt mij uit", "Ik kreeg geen huis", "Op de bus", "Ze lachten op school", "Ik werk er 3 maanden",
    "In 2023 was dat ook zo", "Niemand hielp",
]  # fmt: skip


def _digits(count):
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def _grouped(draw, number, sizes):
    """The same separator between all groups, as people write."""
    separator, groups, position = draw(_SEPARATORS), [], 0
    for size in sizes:
        groups.append(number[position : position + size])
        position += size
    return separator.join(groups)


@st.composite
def national_number(draw):
    year, month, day = draw(_digits(2)), draw(st.integers(1, 12)), draw(st.integers(1, 28))
    month += draw(st.sampled_from([0, 0, 20, 40]))
    number = f"{year}{month:02}{day:02}{draw(_digits(5))}"
    return draw(
        st.one_of(
            st.just(f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"),
            _grouped(number, (2, 2, 2, 3, 2)),
        )
    )


@st.composite
def phone(draw):
    rest = draw(st.sampled_from(["46", "47", "48", "49"])) + draw(_digits(7))
    head = draw(st.sampled_from(["0", "+32 ", "+32", "0032", "0032 ", "+32(0)", "0"]))
    sizes = draw(st.sampled_from([(3, 2, 2, 2), (3, 3, 3), (2, 7), (9,), (3, 6)]))
    return head + draw(_grouped(rest, sizes))


@st.composite
def iban(draw):
    number = draw(_digits(14))
    head = draw(st.sampled_from(["BE", "be", "Be"]))
    return head + draw(_grouped(number, draw(st.sampled_from([(2, 4, 4, 4), (14,), (2, 3, 7, 2)]))))


@st.composite
def card(draw):
    return draw(
        _grouped(
            draw(st.sampled_from("345")) + draw(_digits(15)), draw(st.sampled_from([(4, 4, 4, 4), (16,)]))
        )
    )


@st.composite
def email(draw):
    name = draw(st.text("abcdefgklmnoprstuvz", min_size=4, max_size=9)) + draw(_digits(2))
    first = draw(st.sampled_from(["", "jan", "an punt maria", "ab.cd"]))
    name = f"{first} punt {name}" if first else name
    at = draw(st.sampled_from(["@", " @ ", "(at)", " apenstaartje ", " apestaart ", "[at]", " at "]))
    dot = draw(st.sampled_from([".", " punt ", " dot ", "(punt)"]) if at != "@" else st.just("."))
    return f"{name}{at}telenet{dot}be"


@st.composite
def plate(draw):
    letters = draw(st.text("ABCDEFGHJKLMNPRSTVWXYZ", min_size=3, max_size=3))
    separator = draw(st.sampled_from(["-", "", "."]))
    found = f"{draw(st.integers(1, 9))}{separator}{letters}{separator}{draw(_digits(3))}"
    return draw(st.sampled_from([found, found.lower()]))


@st.composite
def payment(draw):
    number, mark = draw(_digits(12)), draw(st.sampled_from(["+++", "***"]))
    return f"{mark}{number[:3]}/{number[3:7]}/{number[7:]}{mark}"


@st.composite
def messages(draw):
    """A sentence or two, with the identifiers that stand in it."""
    kinds = st.one_of(national_number(), phone(), iban(), card(), email(), plate(), payment())
    secrets = draw(st.lists(kinds, min_size=1, max_size=2))
    parts = [draw(st.sampled_from(_STORY)) + ". "]
    parts += [
        f"{draw(st.sampled_from(_BEFORE))} {secret} {draw(st.sampled_from(_AFTER))}. " for secret in secrets
    ]
    return "".join(parts), tuple(secrets)


def traces(secret: str, text: str) -> list[str]:
    """What of ``secret`` can be read in ``text``: itself, or three digits in a row of its own."""
    found = [secret] if secret.strip() and secret in text else []
    runs = {run for run in re.findall(r"\d{4,}", secret)}
    return found + [run for run in runs if run in text and run not in {"2023"}]


def drawn(count: int) -> list[tuple[str, tuple[str, ...]]]:
    """The same ``count`` messages every time, for tests in which a message costs much: no identifier in two of them, and none
    of zeros only, which Hypothesis tries first.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    seen: set[str] = set()

    @settings(
        max_examples=5 * count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(messages())
    def draw(message):
        secrets = message[1]
        if seen.isdisjoint(secrets) and not any(re.search(r"(\w)\1\1", secret) for secret in secrets):
            seen.update(secrets)
            found.append(message)

    draw()
    assert len(found) >= count
    return found[:count]

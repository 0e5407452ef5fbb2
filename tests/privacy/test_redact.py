"""What is taken out of a message and what stays; the measured recall is in benchmarks/privacy.py."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.hint import hint_for
from bot.privacy.redact import Redacted, default_redactor

from . import generate

REDACT = default_redactor().redact

GONE = [
    ("rijksregisternummer", "mijn nummer is {}", ["85.07.30-033.28", "85073003328", "85 07 30 033 28", "85/07/30/033/28"]),
    ("rijksregisternummer", "bis {}", ["85.27.30-033.28", "85.47.30-033.99"]),  # a wrong checksum too
    ("telefoonnummer", "bel {}", ["0479 12 34 56", "0479/12.34.56", "+32 479 12 34 56", "0032479123456", "(0479) 12 34 56"]),
    ("telefoonnummer", "bel {}", ["015 41 23 45", "+32(0)15 41 23 45", "02-123.45.67", "+31 6 12345678", "O479 12 34 56"]),
    ("telefoonnummer", "{}", ["nul vier zeven negen twaalf vierendertig zesenvijftig", "479 12 34 56", "32479123456"]),
    ("e-mail", "schrijf naar {}", ["jan.peeters@gmail.com", "jan punt peeters apenstaartje telenet punt be"]),
    ("e-mail", "{}", ["fatima(at)hotmail.com", "f.b@x", "jan @ gmail . com", "ab at proximus dot be"]),
    ("rekeningnummer", "op {}", ["BE68 5390 0754 7034", "be68539007547034", "NL91ABNA0417164300", "BE68-5390-0754-7035"]),
    ("kaartnummer", "visa {}", ["4111 1111 1111 1111", "4111111111111112", "3782 822463 10005"]),
    ("kaartnummer", "identiteitskaart {}", ["592-1234567-89"]),
    ("paspoortnummer", "paspoort {}", ["EH123456", "ga 123456"]),
    ("nummerplaat", "de auto {}", ["1-ABC-234", "1ABC234", "1abc234", "1 ABC 234", "ABC-123"]),
    ("referentie", "betaald met {}", ["+++123/4567/89012+++", "***123/4567/89012***", "123/4567/89012"]),
    ("referentie", "mijn {}", ["dossiernummer 2024/1234", "PV ME.12.L3.004567/2024"]),
    ("adres", "ik woon {}", ["Kerkstraat 12", "in de kerkstraat 12 bus 3", "Lange Heergracht 5, 2800 Mechelen"]),
    ("adres", "{}", ["Frederik de Merodestraat 12", "IJzerenleen 3b", "postcode 2800 huisnummer 14", "rue Haute 12"]),
    ("adres", "wij wonen in de {}", ["Adegemstraat"]),
    ("geboortedatum", "ik ben geboren op {}", ["12/03/1985", "12 maart 1985", "12-3-85", "1985-03-12"]),
    ("gebruikersnaam", "{}", ["@fatima_x", "mijn insta is fatima.x99"]),
    ("link", "kijk op {}", ["https://www.facebook.com/jan.peeters.5", "instagram.com/fatima"]),
    ("naam", "{}", ["Fatima El Amrani", "ik ben Youssef", "meneer Van den Bossche", "mijn baas heet Dirk Claes"]),
    ("naam", "{}", ["mijn naam is oumaima bouzidi", "collega Xhemile", "fatima el amrani", "J. Peeters", "Peeters Jan"]),
    ("geboortedatum", "{}", ["mijn kleine (7/11/'18, 7 jaar)", "zij is van 3.9.71", "ze was van 14 april '58", "hij is 6 jaar (3/9/18)"]),
    ("geboortedatum", "mijn zoon, {}", ["5/6/1999", "5/6/99", "5.6.01"]),
    ("e-mail", "mail {}", ["an punt maria punt wit aapstaart mail punt ugent punt be", "jan punt b ape-staartje gmail punt com"]),
    ("gebruikersnaam", "{}", ["zonnetje99 is mijn insta", "op snap ben ik lotte.xo", "op tiktok heet ik lien2010", "mijn tiktok is zonnebloem"]),
    ("nummerplaat", "{}", ["een Roemeens busje, B 123 XYZ", "zijn auto had KA-AB 1234", "34 ABC 123 was de nummerplaat", "hun wagen, 1 xyz 987, reed weg"]),
    ("naam", "{}", ["Nog iets: Zhao Ying, verpleegster", "ik ben Li Na", "volgens Pham Thi Lan"]),
    ("naam", "mijn naam {}", ["staat fout op de fiche: Xolani", "(Oluwaseun) is te moeilijk", "schrijven ze als Ouiam"]),
    ("nummer", "code {}", ["0 4 7 9 1 2 3 4 5 6 7 8", "12345678"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, frame.format(value)) for kind, frame, values in GONE for value in values]
)
def test_it_goes(kind, sentence):
    redacted = REDACT(sentence)
    assert redacted.kinds == (kind,)
    assert f"[{kind}]" in redacted.text
    assert not re.search(r"\d{2}", redacted.text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ik bel 112, 101, 1813, 1712 of 0800 12 800.",
        "Mag ik +32 2 212 30 00 of 015 29 75 72 bellen, of mailen naar klachten@mechelen.be?",
        "Ik werk er al 3 maanden, sinds 2019, met 12 collega's; bus 5 en lijn 500 rijden er.",
        "Op 12/05/2024 om 14:30 gebeurde het, tussen 9.30 en 12.00 uur.",
        "Van 2019-2024 betaalde ik 1 250,50 euro huur, € 250.000 in totaal.",
        "De wet van 10 mei 2007 en het decreet van 10 juli 2008.",
        "Welke wet is dat? Is het die van 30 juli 1981? Of dat van 10 juli 2008?",
        "Ik werk er al 3 jaar, 12/05/2023 begon het. Na 16 jaar (1/2/24) kreeg ik ontslag.",
        "De brief is van 12/05/24. Versie 1.2.10 van de app. Zitting op 4/2/25.",
        "Mijn insta is privé, mijn snapchat is gehackt en mijn account is weg.",
        "De wagen was een BMW 320. Met de auto op de E19 naar 2800 Mechelen, 30 KM, voor 1500 EUR.",
        "Mijn naam klinkt Marokkaans, niet Vlaams. Mijn naam staat niet op de lijst bij de VDAB, Actiris of Unia.",
        "Op mijn naam stond: Gelieve niet te bellen.",
        "Ik ben moslim, Marokkaan en 34 jaar. Ik ben Belg.",
        "Thomas More, Stad Mechelen, Kazerne Dossin en Vlaams Belang.",
        "Op straat 2 mannen, in de winkelstraat 3 mensen.",
        "Kijk op www.unia.be of https://www.unia.be/nl/discriminatie",
        "In mei zag ik een roos in de storm, en dat kan in de lente.",
        '/klacht_indienen{"domein": "werk"}',
        "",
        "😡😡",
    ],
)
def test_it_stays(sentence):
    assert REDACT(sentence) == Redacted(sentence)


def test_the_words_around_stay():
    redacted = REDACT(
        "Mijn baas Dirk Claes zegt al 3 maanden 'vuile Turk' tegen mij, bel 0479 12 34 56 na 18 uur."
    )
    assert (
        redacted.text
        == "Mijn baas [naam] zegt al 3 maanden 'vuile Turk' tegen mij, bel [telefoonnummer] na 18 uur."
    )
    assert redacted.kinds == ("naam", "telefoonnummer")


@pytest.mark.parametrize(
    "odd", ["0479\u00a012\u202f34\u00a056", "０４７９ 12 34 56", "0479–12–34–56", "٠٤٧٩ 12 34 56"]
)
def test_odd_characters_hide_nothing(odd):
    assert REDACT(f"bel {odd} maar").text == "bel [telefoonnummer] maar"


@given(st.text(max_size=300))
def test_any_text_can_be_redacted_twice(text):
    once = REDACT(text).text
    assert REDACT(once).text == once


@given(generate.messages())
def test_no_generated_identifier_survives(message):
    text, secrets = message
    redacted = REDACT(text).text
    for secret in secrets:
        assert generate.traces(secret, redacted) == []


def test_the_hint():
    assert hint_for("mijn gsm is 0479 12 34 56")
    assert not hint_for("mijn baas Dirk Claes scheldt mij uit")
    assert not hint_for("bel ik 112 of 101?")

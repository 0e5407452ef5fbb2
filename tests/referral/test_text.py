"""Free text that saves a question: more harm in a false hit than in a miss."""

from __future__ import annotations

import pytest

from bot.referral import ChannelData, detail_from_text, hate_violence_from_text, minor_from_text


@pytest.mark.parametrize(
    ("text", "domein", "detail"),
    [
        ("Ik werk via interim en mijn baas lacht met mijn hoofddoek", "werk", "uitzend"),
        ("Het INTERIMKANTOOR wil enkel Belgen", "werk", "uitzend"),
        ("Randstad stuurt mij nergens naartoe", "werk", "uitzend"),
        ("ik poets met dienstencheques", "werk", "dienstencheque"),
        ("Bij de VDAB mocht ik de cursus niet volgen", "werk", "vdab"),
        ("ik werk in een fabriek", "werk", "prive"),
        ("Ik heb gesolliciteerd bij de stad", "werk", "stad_werkgever"),
        ("Mijn sollicitatie als poetshulp bij de stad werd geweigerd", "stad", "stad_werkgever"),
        ("ik ben leerkracht en mijn directeur pest mij", "onderwijs", "personeel"),
        ("ik werk via interim in een fabriek", "werk", None),  # two details: ask
        ("mijn baas pest mij", "werk", None),
        ("op den bus naar Nekkerspoel", "vervoer", "de_lijn"),
        ("de tramchauffeur riep", "vervoer", "de_lijn"),
        ("zag conducteur zwarte jongen vernederen", "vervoer", "nmbs"),
        ("in de trein naar Leuven", "vervoer", "nmbs"),
        ("de taxichauffeur weigerde mijn rolstoel", "vervoer", "taxi"),
        ("na de trein nam ik de bus", "vervoer", None),
        ("mijn huisarts wuifde het weg", "zorg", "patient"),
        ("de verpleegster in het ziekenhuis", "zorg", "patient"),
        ("in het rusthuis van mijn moeder", "zorg", "welzijn"),
        ("de créche weigert ons kind", "zorg", "welzijn"),
        ("er staat een leugen in de gazet", "media", "pers"),
        ("de presentator op de radio", "media", "tv"),
        ("die reclame is seksistisch", "media", "reclame"),
        ("ze riepen vuile jood op straat", "openbare_ruimte", "woorden"),
        ("ik ben in elkaar geslagen", "openbare_ruimte", "geweld"),
        ("de portier van de discotheek liet mij niet binnen", "vrije_tijd", "uitgaan"),
        ("de RVA schrapte mij", "stad", "federale_dienst"),
        ("de school weigert de inschrijving van mijn zoon", "onderwijs", "inschrijving"),
        ("ik zat op de bus", "wonen", None),  # a word of another domain says nothing
        ("de bus", "onbekend", None),
    ],
)
def test_detail(text: str, domein: str, detail: str | None, data: ChannelData) -> None:
    assert detail_from_text(text, domein, data) == detail


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("ik ben 14", True),
        ("Ik ben 15 jaar en word gepest", True),
        ("kben 16 en ze roepen op school", True),
        ("Ik ben zestien.", True),
        ("mijn dochter van 9 mag niet mee", True),
        ("Mijn zoon van twaalf wordt uitgelachen", True),
        ("mijn 8-jarige zoon", True),
        ("ik zit in het vierde middelbaar", True),
        ("onze zoon zit in 't vijfde leerjaar", True),
        ("m’n zoontje durft niet meer naar de voetbal", True),
        ("Ik ben 14 keer geweigerd", False),
        ("ik ben 12 jaar in dienst", False),
        ("ik ben 10 jaar getrouwd", False),
        ("ik ben 7 maanden zwanger", False),
        ("ik ben 45", False),
        ("ik werk hier 12 jaar", False),
        ("mijn dochter van 19", False),
        ("ik schrijf als een kind van zes", False),
        ("een groep jongens van 16 riep iets", False),
        ("ons 10-jarig bestaan", False),
        ("ik geef les in het vierde middelbaar", False),
        ("lijn 14 rijdt niet", False),
    ],
)
def test_minor(text: str, minor: bool, data: ChannelData) -> None:
    assert minor_from_text(text, data) is minor


@pytest.mark.parametrize(
    ("text", "violence"),
    [
        ("ze hebben mij geslagen omdat ik zwart ben", True),
        ("een man spuwde naar mij in het park", True),
        ("Ik werd bespuwd en uitgescholden", True),
        ("ze hebben ons raam ingegooid", True),
        ("er is een hakenkruis op onze deur gespoten", True),
        ("mijn buurman heeft mij met de dood bedreigd", True),
        ("in elkaar geslagen na de pride", True),
        ("ze rukten aan mijn kleren en hebben mij geschopt", True),
        ("mijn baas heeft mij bedreigd met ontslag", False),
        ("ik voel me bedreigd door die regel", False),
        ("er was geen geweld, enkel woorden", False),
        ("ze hebben mij niet geslagen", False),
        ("onder mijn foto hebben ze hun gif gespuwd", False),
        ("verbaal geweld op het werk", False),
        ("ik mocht de winkel niet binnen met mijn hoofddoek", False),
        ("hij sloeg de deur dicht", False),
    ],
)
def test_violence(text: str, violence: bool, data: ChannelData) -> None:
    assert hate_violence_from_text(text, data) is violence


def test_a_denial_does_not_hide_what_did_happen(data: ChannelData) -> None:
    assert hate_violence_from_text("eerst niet geslagen, daarna wel geschopt", data)

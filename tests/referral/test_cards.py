"""What citizens see of a channel, and what they do not."""

from __future__ import annotations

import json

import pytest

from bot.errors import DataError
from bot.referral import ChannelData, Show, card, fact, is_shown

HIDDEN = [
    # not shown until checked (dossier): value, channel
    ("vmri", "phone", "0800 6 11 03"),
    ("politie_mechelen_willebroek", "phone", "015 464 464"),
    ("caw_slachtofferhulp", "phone", "0800 13 500"),
    ("unia", "email", "info@unia.be"),
    ("unia", "form_url", "https://www.signalement.unia.be/nl/meld-het"),
    ("igvm", "email", "gelijkheid.manvrouw@igvm.belgie.be"),
    ("igvm", "hours", "ma, di, do"),
    ("transgender_infopunt", "phone", "0800 96 316"),
    ("federale_ombudsman", "phone", "0800 999 62"),
    ("stad_onthaal", "email", "onthaal@mechelen.be"),
    ("lumi", "hours", "18.30"),
    ("patientenrechten", "phone", "02 524 85 20"),
    ("sociaal_huis_mechelen", "address", "Lange Schipstraat"),
]
SHOWN = [
    ("unia", "phone", "0800 12 800"),
    ("unia", "url", "https://www.unia.be/nl"),
    ("vmri", "form_url", "https://www.vlaamsmensenrechteninstituut.be/doe-een-melding"),
    ("igvm", "phone", "0800 12 800"),
    ("nood_112", "phone", "112"),
    ("politie_101", "phone", "101"),
    ("zelfmoordlijn_1813", "phone", "1813"),
    ("lijn_1712", "phone", "1712"),
    ("tele_onthaal", "phone", "106"),
    ("awel", "phone", "102"),
    ("stad_onthaal", "phone", "0800 20 800"),
    ("stad_klachten", "email", "klachten@mechelen.be"),
    ("politie_mechelen_willebroek", "address", "Frederik de Merodestraat 88, 2800 Mechelen"),
]
NEVER = [
    "meldpunt_mechelen",
    "stad_sociale_cohesie",
    "aig",
    "child_focus",
    "cavaria",
    "toezicht_sociale_wetten",
    "toezicht_welzijn_werk",
    "pro_deo_mechelen",
    "jep",
    "de_lijn",
    "nmbs",
    "agii_tolken",
]


@pytest.mark.parametrize(("channel", "field", "value"), SHOWN)
def test_verified_facts_are_shown(channel: str, field: str, value: str, data: ChannelData) -> None:
    assert card(channel, data)[field] == value
    assert fact(channel, field, data) == value


@pytest.mark.parametrize(("channel", "field", "value"), HIDDEN)
def test_unconfirmed_facts_are_held_back(channel: str, field: str, value: str, data: ChannelData) -> None:
    assert value in str(data.channels[channel].facts[field].value), "staff see it"
    assert value not in json.dumps(card(channel, data), ensure_ascii=False)
    with pytest.raises(DataError, match=f"{channel}.{field} is not a verified text"):
        fact(channel, field, data)


@pytest.mark.parametrize("channel", NEVER)
def test_channels_that_are_not_there_for_citizens(channel: str, data: ChannelData) -> None:
    assert not is_shown(channel, data)
    with pytest.raises(DataError, match="may not be shown"):
        card(channel, data)
    with pytest.raises(DataError, match="may not be shown"):
        fact(channel, "name", data)


def test_everything_else_has_a_card(data: ChannelData) -> None:
    shown = {channel.id for channel in data.channels.values() if channel.show is not Show.NEVER}
    assert shown == set(data.channels) - set(NEVER)
    for channel in shown:
        made = card(channel, data)
        assert json.loads(json.dumps(made)) == made
        assert made["what"]
        assert None not in [value for key, value in made.items() if key != "reason"]


def test_the_card_of_unia(data: ChannelData) -> None:
    assert card("unia", data, reason="Unia behandelt discriminatie op het werk.") == {
        "id": "unia",
        "name": "Unia",
        "what": data.channels["unia"].what,
        "reason": "Unia behandelt discriminatie op het werk.",
        "phone": "0800 12 800",
        "tel": "tel:080012800",
        "phone_note": "kies 2",
        "url": "https://www.unia.be/nl",
        "address": "Victor Hortaplein 40 bus 40, 1060 Brussel (Sint-Gillis)",
        "hours": "werkdagen van 9.30 tot 13 uur (telefoon)",
        "cost": "gratis",
        "confidential": True,
        "have_ready": list(data.channels["unia"].have_ready),
        "checked": "2026-11-23",
    }


def test_the_shared_number_says_which_choice(data: ChannelData) -> None:
    assert card("igvm", data)["phone"] == card("unia", data)["phone"]
    assert card("igvm", data)["phone_note"] == "kies 1"
    assert card("unia", data)["phone_note"] == "kies 2"


def test_vmri_is_not_anonymous_and_awel_is(data: ChannelData) -> None:
    assert card("vmri", data)["anonymous"] is False
    assert card("awel", data)["anonymous"] is True
    assert "anonymous" not in card("unia", data)


def test_placeholders_name_what_exists(data: ChannelData) -> None:
    assert fact("vmri", "short_name", data) == "VMRI"
    with pytest.raises(DataError, match="is no channel"):
        fact("ombudsman", "phone", data)
    with pytest.raises(DataError, match="use one of"):
        fact("unia", "fax", data)
    with pytest.raises(DataError, match="not a verified text"):
        fact("vmri", "anonymous", data)


def test_titles_of_the_police_zone_are_current(data: ChannelData) -> None:
    name = card("politie_mechelen_willebroek", data)["name"]
    assert name == "Lokale politie Rivierenland"

"""The boundary rules of grounds and domains, on the whole model as it is trained."""

import pytest

from bot.nlu.entity_extractor import CARRIERS
from bot.nlu.entity_model import EntityModel
from bot.nlu.lexicon import Lexicon
from bot.nlu.spacy_model import load as load_spacy
from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training.messages import read_messages


@pytest.fixture(scope="module")
def find():
    nlp, _ = load_spacy("nl_core_news_sm")
    lexicon = Lexicon.from_file(data_dir() / "lexicon.yml", nlp)
    model = EntityModel(lexicon, Normaliser.from_file(data_dir() / "spelling.yml"))
    messages = [m for m in read_messages(data_dir() / "nlu") if m.intent in CARRIERS]
    model.train(
        list(nlp.pipe(m.text for m in messages)), [m.labels for m in messages], [m.intent for m in messages]
    )
    return lambda text: {f.value for f in model.find(nlp(text), "ervaring_discriminatie")}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ik ben een Marokkaanse vrouw en werd geweigerd in een winkel", {"afkomst", "geslacht", "handel"}),
        ("als Syrische vrouw werd ik in dat café niet bediend", {"afkomst", "geslacht", "handel"}),
        ("op het OCMW werd ik uitgelachen omdat ik Turks ben", {"stad", "afkomst"}),
        ("in het Sociaal Huis lachten ze met mijn accent", {"stad", "taal"}),
        ("mijn verzekering vraagt meer geld omdat ik diabetes heb", {"handel", "handicap"}),
        ("in het café wilden ze ons niet bedienen omdat we zwart zijn", {"handel", "afkomst"}),
        ("ik mocht de disco niet binnen omdat ik Marokkaan ben", {"vrije_tijd", "afkomst"}),
        ("ik ben het slachtoffer van racisme op mijn werk", {"werk", "afkomst"}),
        ("mijn baas is racistisch tegen mij", {"werk", "afkomst"}),
        ("op den bus riep iemand vuile homo tegen mij", {"vervoer", "seksuele_orientatie"}),
        ("op mijn gsm kreeg ik berichten dat ik terug naar mijn land moet", {"online", "afkomst"}),
        (
            "niet door de politie maar door de buschauffeur werd ik uitgescholden voor makak",
            {"vervoer", "afkomst"},
        ),
        ("mijn huisbaas wil geen mensen van het OCMW", {"wonen", "vermogen"}),
    ],
)
def test_boundaries_of_grounds_and_domains(find, text, values):
    assert find(text) == values

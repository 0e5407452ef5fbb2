"""Words that lead up to a name: "ik heet …", "mevrouw …", "mijn collega …"."""

from __future__ import annotations

import re

# After these a word is a name, however it is written.
NAMED = re.compile(
    r"(?i)\b(?:ik heet|heet ik|m(?:ij)?n (?:volledige |volle )?(?:voor|achter|familie)?naam is|(?:voor|achter|familie)?naam\s?:|noem mij(?: maar)?|ik noem|je spreekt met|spreekt u met|u spreekt met)\s+(?:[\"'“])?"
)
# After these a word is a name when it has a capital or stands in a list.
LEADS = re.compile(
    r"(?i)\b(?:ik ben|hier is|dit is|mijn naam(?! is)|de naam(?! is)|familie|gezin|heet|heette|heten|noemt|genaamd|genoemd|naam van|naam is|namelijk|getekend|tekent|groetjes|groeten|groetjes van|groeten van|mvg|mvrgr|groet|liefs|dank(?:u|je)?(?: wel)?|vriendelijke groeten|door een zekere|een zekere|zekere|contactpersoon|t\.a\.v\.|tav|beste|dag|hallo|hey|hoi)\s*[,:]?\s+"
)
TITLES = re.compile(
    r"(?i)(?<!\w)(?:meneer|mijnheer|menheer|mevrouw|madame|monsieur|mevr\.?|mr\.?|mw\.?|mvr\.?|dhr\.?|de heer|juffrouw|juf|meester|dokter|dr\.?|prof\.?|professor|ing\.?|ir\.?|inspecteur|hoofdinspecteur|commissaris|notaris|pastoor|imam|zuster|broeder|sheikh|oom|tante|nonkel|oma|opa|bomma|bompa)\s+"
)
ROLES = re.compile(
    r"(?i)(?<!\w)(?:directeur|directrice|agent|agente|advocaat|advocate|coach|trainer|collega'?s?|buurman|buurvrouw|buur|leerkracht|leraar|lerares|manager|teamleader|teamleider|chef|baas|bazin|ploegbaas|ploegleider|huisbaas|verhuurder|verhuurster|eigenaar|eigenares|eigenaresse|schepen|makelaar|makelaarster|consulent|consulente|maatschappelijk werker|begeleider|begeleidster|medewerker|medewerkster|verpleegster|verpleegkundige|kinesist|tandarts|huisarts|psycholoog|rector|klasgenoot|klasgenote|medeleerling|vriend|vriendin|lief|man|vrouw|zoon|zoontje|dochter|dochtertje|broer|broertje|zus|zusje|vader|moeder|papa|mama|neef|nicht|kind|kindje|partner|ex|schoonmoeder|schoonvader|kameraad|vent|kerel|meisje|jongen|bewaker|chauffeur|conducteur|uitbater|getuige|slachtoffer|dader|secretaresse|zaakvoerder|interimconsulent|cliënt|patiënt|klant|huurder|stagebegeleider|mentor|verantwoordelijke)\s*[,:(]?\s+"
)
# What only family names end in.
SURNAME_ENDINGS = tuple(
    [
        "enko",
        "ovic",
        "evic",
        "owski",
        "ewski",
        "inski",
        "escu",
        "oglu",
        "idze",
        "shvili",
        "ovska",
        "owska",
        "chuk",
    ]
)

# "mijn naam staat fout: Kasongo moet Kasonga zijn": what is said of a name, and the words in it before the name itself.
ABOUT_NAME = re.compile(
    r"(?i)\b(?:m(?:ij)?n|z(?:ij)?n|haar|hun|onze|de|die)\s(?:\w{3,10}e\s)?(?:voor|achter|familie|roep|meisjes)?(?:naam|namen)\b([^.!?\n]{1,100})"
)
GIVEN = re.compile(
    r"(?i)(?<=naam)(?:,\s|\s?\()|[\"'“]|\b(?:als|moet|voluit|in plaats van|ipv|veranderd(?:en)? (?:in|naar)|schrijf je|spel je)\s[\"'“]?"
    r"|:\s?[\"'“]?(?=[^\W\d]+(?:[\-'’][^\W\d]+)*[\"'”]?\s*(?:$|[.,;!?)\n]|(?-i:[A-ZÀ-Ý])|(?:moet|in plaats|ipv|of|en|werd|wordt|met|zonder)\b))"
)
INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?){1,3}(?=[A-ZÀ-Ý])")

# "Ngalula Mbuyi hier.": a name before these, at the start of a line.
TRAILS = re.compile(
    r"(?m)^\s*((?-i:[A-ZÀ-Ý])[\w'’\-]{1,30}(?: [\w'’\-]{2,30}){0,3}?)\s(?:hier[.,!]|is mijn naam|heet ik)"
)

# Small words inside a family name.
PARTICLES = frozenset(
    {
        "van", "de", "der", "den", "het", "'t", "ter", "ten", "vande", "vanden", "vander", "von", "el",
        "al", "ben", "bin", "bint", "abu", "abou", "ould", "da", "do", "dos", "del", "della", "di", "la",
        "le", "du", "d'", "des", "st.", "ibn", "aït", "ait", "bou", "oulad", "vd", "v.d"
    }
)  # fmt: skip

# Those with which names of other things begin too.
ARTICLES = frozenset({"de", "het", "den", "der", "la", "le", "'t", "el", "al", "des", "du"})

# Those after which the next word always belongs to the name.
ARABIC = frozenset(
    {
        "el", "al", "ben", "bin", "bint", "abu", "abou", "ould", "ibn", "aït", "ait", "bou", "oulad"
    }
)  # fmt: skip

# Words that follow "ik heet" without being a name: "ik heet niet …".
NO_NAME = frozenset(
    {
        "niet", "iedereen", "jou", "je", "jullie", "u", "van", "de", "het", "een", "dat", "dit", "ook",
        "al", "maar", "nu", "hier", "dus", "geen", "welkom", "mij", "me", "mijn", "alleen", "nog", "zo",
        "ik", "en", "is", "hem", "haar", "hen", "belangrijk", "anders", "toevallig", "liever", "zelf",
        "bij", "wel", "gewoon", "eigenlijk", "discriminatie", "racisme", "pesten", "racist", "anoniem",
        "bekend", "onbekend", "aub", "alstublieft", "alsjeblieft", "svp", "dan", "daarom", "nergens",
        "uniek", "geheim", "verkeerd", "fout", "moeilijk", "buitenlands", "vreemd", "marokkaans", "turks", "arabisch", "lang",
        "kort", "echt", "gekend", "veranderd", "vervangen", "gewist", "vermeld", "genoemd", "belachelijk", "verplicht", "nodig", "privé", "vaak", "altijd", "nooit", "trouwens", "duidelijk", "afrikaans", "pools",
    }
)  # fmt: skip

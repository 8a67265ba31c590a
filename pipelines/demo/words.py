"""The made-up words of synthetic records, in four languages; every one of them says that it is made up."""

from dataclasses import dataclass, field
from hashlib import sha256

import polars as pl

from pipelines.vocabularies import LANGUAGES

SOURCE_ID = "synthetic"
STATES = (
    *("ATG", "ARG", "BHS", "BRB", "BLZ", "BOL", "BRA", "CAN", "CHL", "COL", "CRI", "CUB", "DMA", "DOM", "ECU", "SLV"),
    *("GRD", "GTM", "GUY", "HTI", "HND", "JAM", "KNA", "LCA", "MEX", "NIC", "PAN", "PER", "PRY", "SUR", "TTO", "URY"),
    *("USA", "VCT", "VEN"),
)
AUDIENCES = (
    *("police", "immigration", "customs", "judges", "prosecutors", "public defenders", "consular", "diplomats"),
    *("government officials", "child-protection authorities", "parliamentarians", "civil society"),
)
VOCABULARY = (
    *("legislation", "national plan", "coordination", "training", "victim assistance", "victim data", "case data"),
    *("country", "responding states", "officials", "victims", "cases", "year"),
)
"""Words of real records that carry a meaning of their own; their translations are taken from the catalogue."""

Phrase = tuple[str, str, str, str]
"""One wording in each language, in the order of ``LANGUAGES``; {n} stands for a number, {area} for a state."""

EVENT_TITLES: dict[str, Phrase] = {
    "course": ("Synthetic course", "Curso sintético", "Curso sintético", "Cours synthétique"),
    "workshop": ("Synthetic workshop", "Taller sintético", "Oficina sintética", "Atelier synthétique"),
    "workshop_series": (
        "Synthetic series of workshops",
        "Serie sintética de talleres",
        "Série sintética de oficinas",
        "Série synthétique d’ateliers",
    ),
    "seminar": ("Synthetic seminar", "Seminario sintético", "Seminário sintético", "Séminaire synthétique"),
    "seminar_series": (
        "Synthetic series of seminars",
        "Serie sintética de seminarios",
        "Série sintética de seminários",
        "Série synthétique de séminaires",
    ),
    "conference": ("Synthetic conference", "Conferencia sintética", "Conferência sintética", "Conférence synthétique"),
    "roundtable": (
        "Synthetic round table",
        "Mesa redonda sintética",
        "Mesa-redonda sintética",
        "Table ronde synthétique",
    ),
    "mentoring": ("Synthetic mentoring", "Mentoría sintética", "Mentoria sintética", "Mentorat synthétique"),
}
TOPIC: Phrase = ("synthetic topic {n}", "tema sintético {n}", "tema sintético {n}", "thème synthétique {n}")
TOPICS = 12
NOTE: Phrase = (
    "Synthetic note, made up for practice and tests",
    "Nota sintética, inventada para prácticas y pruebas",
    "Nota sintética, inventada para exercícios e testes",
    "Note synthétique, inventée pour s’exercer et pour les tests",
)
CITY: Phrase = ("Synthetic city {n}", "Ciudad sintética {n}", "Cidade sintética {n}", "Ville synthétique {n}")
PROGRAMME: Phrase = (
    "Synthetic programme {n}",
    "Programa sintético {n}",
    "Programa sintético {n}",
    "Programme synthétique {n}",
)
PROGRAMME_TEXT: Phrase = (
    "A synthetic programme, made up for practice and tests.",
    "Un programa sintético, inventado para prácticas y pruebas.",
    "Um programa sintético, inventado para exercícios e testes.",
    "Un programme synthétique, inventé pour s’exercer et pour les tests.",
)
UNIT: Phrase = ("Synthetic unit {n}", "Unidad sintética {n}", "Unidade sintética {n}", "Unité synthétique {n}")
REGION: Phrase = (
    "a synthetic group of states",
    "un grupo sintético de Estados",
    "um grupo sintético de Estados",
    "un groupe synthétique d’États",
)
MEETING: Phrase = ("Synthetic meeting {n}", "Reunión sintética {n}", "Reunião sintética {n}", "Réunion synthétique {n}")
THEME: Phrase = ("synthetic theme {n}", "asunto sintético {n}", "assunto sintético {n}", "sujet synthétique {n}")
ATTENDANCE: Phrase = (
    "{n} synthetic delegations",
    "{n} delegaciones sintéticas",
    "{n} delegações sintéticas",
    "{n} délégations synthétiques",
)
ROUND: Phrase = (
    "Synthetic questionnaire {n}",
    "Cuestionario sintético {n}",
    "Questionário sintético {n}",
    "Questionnaire synthétique {n}",
)
SECRETARIAT: Phrase = (
    "Synthetic secretariat",
    "Secretaría sintética",
    "Secretaria sintética",
    "Secrétariat synthétique",
)
OTHER_BODY: Phrase = (
    "Synthetic other body",
    "Otro órgano sintético",
    "Outro órgão sintético",
    "Autre organe synthétique",
)
QUESTION: Phrase = (
    "Synthetic question {n}: is this made up?",
    "Pregunta sintética {n}: ¿es esto inventado?",
    "Pergunta sintética {n}: isto é inventado?",
    "Question synthétique {n} : est-ce inventé ?",
)
YES: Phrase = (
    "Synthetic answer: yes",
    "Respuesta sintética: sí",
    "Resposta sintética: sim",
    "Réponse synthétique : oui",
)
NO: Phrase = ("Synthetic answer: no", "Respuesta sintética: no", "Resposta sintética: não", "Réponse synthétique : non")
PARTLY: Phrase = (
    "Synthetic answer: in part",
    "Respuesta sintética: en parte",
    "Resposta sintética: em parte",
    "Réponse synthétique : en partie",
)
FIGURE: Phrase = ("Synthetic figure", "Cifra sintética", "Número sintético", "Chiffre synthétique")
PARTS: Phrase = (
    "Synthetic figure in small parts",
    "Cifra sintética en partes pequeñas",
    "Número sintético em partes pequenas",
    "Chiffre synthétique en petites parties",
)
INSTRUMENT: Phrase = (
    "Synthetic instrument {n}",
    "Instrumento sintético {n}",
    "Instrumento sintético {n}",
    "Instrument synthétique {n}",
)
COMMITMENT: Phrase = (
    "Synthetic commitment {n}, made up for practice and tests.",
    "Compromiso sintético {n}, inventado para prácticas y pruebas.",
    "Compromisso sintético {n}, inventado para exercícios e testes.",
    "Engagement synthétique {n}, inventé pour s’exercer et pour les tests.",
)
STATED_UNIT: Phrase = (
    "synthetic officials",
    "funcionarios sintéticos",
    "funcionários sintéticos",
    "fonctionnaires synthétiques",
)
STATED_PERIOD: Phrase = (
    "synthetic period to {n}",
    "período sintético hasta {n}",
    "período sintético até {n}",
    "période synthétique jusqu’à {n}",
)
AUTHORITY: Phrase = (
    "Synthetic authority of {area}",
    "Autoridad sintética ({area})",
    "Autoridade sintética ({area})",
    "Autorité synthétique ({area})",
)
ROLE: Phrase = ("synthetic role", "función sintética", "função sintética", "rôle synthétique")
PLAN: Phrase = (
    "Synthetic national plan {n}",
    "Plan nacional sintético {n}",
    "Plano nacional sintético {n}",
    "Plan national synthétique {n}",
)
LAW: Phrase = ("Synthetic law {n}", "Ley sintética {n}", "Lei sintética {n}", "Loi synthétique {n}")
PUBLISHER = "Panorama, synthetic data"
SOURCE_TITLE = "Synthetic data, made up for practice and tests"
DERIVED_TITLE = "Values worked out from synthetic records; our own groupings of the states"


@dataclass
class Wordings:
    """The phrases used so far, as the catalogue of texts wants them."""

    areas: dict[str, Phrase]
    used: dict[str, Phrase] = field(default_factory=dict)

    def say(self, phrase: Phrase, n: object = "", area: str = "", lang: str = "en") -> str:
        """The wording in a language, by default English; its other languages are kept for the catalogue."""
        names = self.areas.get(area, ("", "", "", ""))
        said = [text.format(n=n, area=name) for text, name in zip(phrase, names, strict=True)]
        english, spanish, portuguese, french = said
        if lang == "en":
            self.used[english] = (english, spanish, portuguese, french)
        return said[LANGUAGES.index(lang)]

    def frame(self, lang: str) -> pl.DataFrame:
        """text_id, used_in, text of the originals, or text_id, text, basis of a translation, in order of the ids."""
        position = LANGUAGES.index(lang)
        rows = sorted(
            (sha256(english.encode()).hexdigest()[:10], said[position]) for english, said in self.used.items()
        )
        ids, texts = [text_id for text_id, _text in rows], [text for _text_id, text in rows]
        if lang == "en":
            return pl.DataFrame({"text_id": ids, "used_in": ["synthetic"] * len(ids), "text": texts})
        return pl.DataFrame({"text_id": ids, "text": texts, "basis": ["translated"] * len(ids)})

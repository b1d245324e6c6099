"""What calls say besides the alert, in the languages of the voices.

A German voice that reads English cannot be understood at night. What an alert brings stays
as it is.
"""

from dataclasses import dataclass

DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language."""

    voice: str  # as Twilio calls it
    menu: str
    test: str
    code: str  # {code}
    critical: str
    incident: str  # {number} {title} {service}
    nobody_answered: str
    nobody_reached: str
    more: str  # {count}


LANGUAGES = {
    "en": Words(
        "en-US",
        "Press 1 to acknowledge, 2 to resolve, 3 to escalate.",
        "This is a test of PageFree. Press 1 to confirm that you have heard it.",
        "Your code for PageFree is {code}.",
        "Critical:",
        "Incident {number}, {title}, {service}.",
        "Nobody answered:",
        "Nobody reached:",
        "And {count} more.",
    ),
    "de": Words(
        "de-DE",
        "Drücken Sie 1 zum Bestätigen, 2 zum Lösen, 3 zum Eskalieren.",
        "Dies ist ein Test von PageFree. Drücken Sie 1, wenn Sie ihn gehört haben.",
        "Ihr Code für PageFree lautet {code}.",
        "Kritisch:",
        "Vorfall {number}, {title}, {service}.",
        "Niemand hat geantwortet:",
        "Niemand wurde erreicht:",
        "Und {count} weitere.",
    ),
    "es": Words(
        "es-ES",
        "Pulse 1 para confirmar, 2 para resolver, 3 para escalar.",
        "Esto es una prueba de PageFree. Pulse 1 para confirmar que la ha oído.",
        "Su código de PageFree es {code}.",
        "Crítico:",
        "Incidente {number}, {title}, {service}.",
        "Nadie ha respondido:",
        "No se ha localizado a nadie:",
        "Y {count} más.",
    ),
    "fr": Words(
        "fr-FR",
        "Appuyez sur 1 pour confirmer, 2 pour résoudre, 3 pour escalader.",
        "Ceci est un test de PageFree. Appuyez sur 1 pour confirmer la réception.",
        "Votre code PageFree est {code}.",
        "Critique :",
        "Incident {number}, {title}, {service}.",
        "Personne n'a répondu :",
        "Personne n'a été joint :",
        "Et {count} de plus.",
    ),
    "it": Words(
        "it-IT",
        "Premere 1 per confermare, 2 per risolvere, 3 per inoltrare.",
        "Questo è un test di PageFree. Premere 1 per confermare di averlo sentito.",
        "Il suo codice PageFree è {code}.",
        "Critico:",
        "Incidente {number}, {title}, {service}.",
        "Nessuno ha risposto:",
        "Nessuno è stato raggiunto:",
        "E altri {count}.",
    ),
}


def words_in(language: str) -> Words:
    """Those of a BCP 47 language such as de-AT; English where there are none."""
    return LANGUAGES.get(language[:2].lower(), LANGUAGES[DEFAULT])

"""What messages and calls say besides the alert, in the languages of the voices.

A German voice that reads English cannot be understood at night. What an alert brings stays
as it is, and so do the words that people answer with. Text messages charge more for letters
that are not in GSM 03.38, so what goes into one has none.
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
    code_line: str  # {code}, first: phones offer to fill it in
    test_line: str
    incidents: str  # {count}
    and_more: str  # {count}
    answer: str  # {code}
    reply: str  # under a mail
    acknowledge: str
    acknowledge_all: str
    resolve: str
    open: str


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
        "{code} is your code for PageFree",
        "Test from PageFree: this address works",
        "{count} incidents:",
        "… and {count} more",
        "Reply ack {code}, res {code} or esc {code}",
        "Or reply to this mail: ack, res or esc in its first line.",
        "Acknowledge",
        "Acknowledge all of yours",
        "Resolve",
        "Open",
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
        "{code} ist Ihr Code für PageFree",
        "Test von PageFree: Diese Adresse funktioniert",
        "{count} Vorfälle:",
        "… und {count} weitere",
        "Antworten Sie ack {code}, res {code} oder esc {code}",
        "Oder antworten Sie auf diese Mail: ack, res oder esc in der ersten Zeile.",
        "Bestätigen",
        "Alle Ihre bestätigen",
        "Lösen",
        "Öffnen",
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
        "{code} es su código de PageFree",
        "Prueba de PageFree: esta dirección funciona",
        "{count} incidentes:",
        "… y otros {count}",
        "Responda ack {code}, res {code} o esc {code}",
        "O responda a este correo: ack, res o esc en la primera línea.",
        "Confirmar",
        "Confirmar todos los suyos",
        "Resolver",
        "Abrir",
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
        "{code} est votre code PageFree",
        "Test de PageFree : cette adresse fonctionne",
        "{count} incidents :",
        "… et {count} de plus",
        "Répondez ack {code}, res {code} ou esc {code}",
        "Ou répondez à ce message : ack, res ou esc sur la première ligne.",
        "Confirmer",
        "Confirmer tous les vôtres",
        "Résoudre",
        "Ouvrir",
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
        "{code} è il suo codice PageFree",
        "Test di PageFree: questo indirizzo funziona",
        "{count} incidenti:",
        "… e altri {count}",
        "Risponda ack {code}, res {code} o esc {code}",
        "Oppure risponda a questa mail: ack, res o esc nella prima riga.",
        "Confermare",
        "Confermare tutti i suoi",
        "Risolvere",
        "Aprire",
    ),
}


def words_in(language: str) -> Words:
    """Those of a BCP 47 language such as de-AT; English where there are none."""
    return LANGUAGES.get(language[:2].lower(), LANGUAGES[DEFAULT])

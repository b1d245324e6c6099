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
    escalate: str
    # why somebody is told
    why_you: str
    why_here: str
    room: str
    on_call: str
    last_resort: str
    helper: str
    for_team: str
    # the facts
    name: str
    service: str
    severity: str
    since: str
    others: str
    # what has become of it
    acknowledged: str
    resolved: str
    snoozed: str
    merged: str
    passed_on: str
    all_resolved: str
    all_taken: str
    by: str  # {what} {name}
    push_works: str


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
        escalate="Escalate",
        why_you="Why you",
        why_here="Why here",
        room="This room is told",
        on_call="You are on call",
        last_resort="Nobody answered, and you are a platform admin",
        helper="You were asked to help",
        for_team="Somebody on call could not be reached, and you look after the team",
        name="Incident",
        service="Service",
        severity="Severity",
        since="Since",
        others="And more",
        acknowledged="Acknowledged",
        resolved="Resolved",
        snoozed="Snoozed",
        merged="Merged into another",
        passed_on="Others are asked now",
        all_resolved="All resolved",
        all_taken="All taken care of",
        by="{what} by {name}",
        push_works="Notifications arrive on this device.",
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
        escalate="Eskalieren",
        why_you="Warum Sie",
        why_here="Warum hier",
        room="Dieser Raum wird benachrichtigt",
        on_call="Sie haben Bereitschaft",
        last_resort="Niemand hat geantwortet, und Sie verwalten PageFree",
        helper="Sie wurden um Hilfe gebeten",
        for_team="Jemand in Bereitschaft war nicht erreichbar, und Sie leiten das Team",
        name="Vorfall",
        service="Dienst",
        severity="Schwere",
        since="Seit",
        others="Außerdem",
        acknowledged="Bestätigt",
        resolved="Gelöst",
        snoozed="Zurückgestellt",
        merged="Mit einem anderen zusammengeführt",
        passed_on="Jetzt werden andere gefragt",
        all_resolved="Alle gelöst",
        all_taken="Um alle kümmert sich jemand",
        by="{what} von {name}",
        push_works="Benachrichtigungen kommen auf diesem Gerät an.",
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
        escalate="Escalar",
        why_you="Por qué usted",
        why_here="Por qué aquí",
        room="Se avisa a esta sala",
        on_call="Está de guardia",
        last_resort="Nadie ha respondido y usted administra PageFree",
        helper="Le han pedido ayuda",
        for_team="No se ha localizado a alguien de guardia y usted dirige el equipo",
        name="Incidente",
        service="Servicio",
        severity="Gravedad",
        since="Desde",
        others="Y además",
        acknowledged="Confirmado",
        resolved="Resuelto",
        snoozed="Aplazado",
        merged="Unido a otro",
        passed_on="Ahora se avisa a otros",
        all_resolved="Todos resueltos",
        all_taken="Todos atendidos",
        by="{what} por {name}",
        push_works="Las notificaciones llegan a este dispositivo.",
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
        escalate="Escalader",
        why_you="Pourquoi vous",
        why_here="Pourquoi ici",
        room="Ce salon est averti",
        on_call="Vous êtes d'astreinte",
        last_resort="Personne n'a répondu, et vous administrez PageFree",
        helper="On vous a demandé de l'aide",
        for_team="Une personne d'astreinte n'a pas pu être jointe, et vous dirigez l'équipe",
        name="Incident",
        service="Service",
        severity="Gravité",
        since="Depuis",
        others="Et aussi",
        acknowledged="Confirmé",
        resolved="Résolu",
        snoozed="Reporté",
        merged="Fusionné avec un autre",
        passed_on="D'autres sont appelés maintenant",
        all_resolved="Tous résolus",
        all_taken="Tous pris en charge",
        by="{what} par {name}",
        push_works="Les notifications arrivent sur cet appareil.",
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
        escalate="Inoltrare",
        why_you="Perché lei",
        why_here="Perché qui",
        room="Questa stanza viene avvisata",
        on_call="Lei è di reperibilità",
        last_resort="Nessuno ha risposto e lei amministra PageFree",
        helper="Le è stato chiesto aiuto",
        for_team="Una persona reperibile non è stata raggiunta e lei guida il team",
        name="Incidente",
        service="Servizio",
        severity="Gravità",
        since="Da",
        others="E inoltre",
        acknowledged="Confermato",
        resolved="Risolto",
        snoozed="Rimandato",
        merged="Unito a un altro",
        passed_on="Ora vengono avvisati altri",
        all_resolved="Tutti risolti",
        all_taken="Tutti presi in carico",
        by="{what} da {name}",
        push_works="Le notifiche arrivano su questo dispositivo.",
    ),
}


def words_in(language: str) -> Words:
    """Those of a BCP 47 language such as de-AT; English where there are none."""
    return LANGUAGES.get(language[:2].lower(), LANGUAGES[DEFAULT])

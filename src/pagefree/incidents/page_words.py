"""What the page behind the link of a message says, in the languages of the messages.

Whoever was woken in German reads the page in German. What an alert says stays as it is.
"""

from dataclasses import dataclass
from datetime import datetime

from pagefree.channels.words import DEFAULT, Words, words_in


@dataclass(frozen=True, slots=True)
class PageWords:
    """The sentences of one language."""

    language: str
    moment: str  # {time} {day} {month} {date}
    nobody_has_it: str
    got_it: str
    has_it_already: str
    other_has_it: str  # {who}
    over: str
    since: str  # {at}
    nobody_else: str
    acknowledged: str  # {at}
    nothing_to_do: str
    part_of: str  # followed by the number of an incident
    resolved: str  # {at}
    resolved_by: str  # {who} {at}
    open_incident: str
    open_app: str
    yours: str  # the title where there are several
    got_one: str
    got_many: str  # {count}
    nobody_has_one: str
    nobody_has_many: str
    all_taken: str
    paged_one: str
    paged_many: str  # {count}
    take_one: str
    take_many: str  # {count}

    @property
    def buttons(self) -> Words:
        """What messages say too."""
        return words_in(self.language)

    def at(self, moment: datetime) -> str:
        """An instant, as people read it."""
        return self.moment.format(
            time=f"{moment:%H:%M}",
            day=moment.day,
            month=f"{moment:%B}",
            date=f"{moment:%d.%m.%Y}",
        )


LANGUAGES = {
    "en": PageWords(
        language="en",
        moment="{time} UTC on {day} {month}",
        nobody_has_it="Nobody has it yet",
        got_it="Acknowledged: you have it",
        has_it_already="You have it already",
        other_has_it="{who} has it",
        over="It is over",
        since="Since {at}",
        nobody_else="Nobody else is being paged for it.",
        acknowledged="Acknowledged {at}.",
        nothing_to_do="You need not do anything.",
        part_of="It is now part of",
        resolved="Resolved {at}.",
        resolved_by="Resolved by {who} {at}.",
        open_incident="Open the incident",
        open_app="Open PageFree",
        yours="Your incidents",
        got_one="1 acknowledged: you have it",
        got_many="{count} acknowledged: you have them",
        nobody_has_one="Nobody has it yet",
        nobody_has_many="Nobody has them yet",
        all_taken="Somebody has every one of them",
        paged_one="1 incident you were paged for",
        paged_many="{count} incidents you were paged for",
        take_one="Acknowledge it",
        take_many="Acknowledge all {count}",
    ),
    "de": PageWords(
        language="de",
        moment="{time} UTC am {date}",
        nobody_has_it="Noch kümmert sich niemand",
        got_it="Bestätigt: Sie kümmern sich",
        has_it_already="Sie kümmern sich schon",
        other_has_it="{who} kümmert sich",
        over="Es ist vorbei",
        since="Seit {at}",
        nobody_else="Niemand sonst wird dafür alarmiert.",
        acknowledged="Bestätigt um {at}.",
        nothing_to_do="Sie müssen nichts tun.",
        part_of="Er gehört jetzt zu",
        resolved="Gelöst um {at}.",
        resolved_by="Gelöst von {who} um {at}.",
        open_incident="Vorfall öffnen",
        open_app="PageFree öffnen",
        yours="Ihre Vorfälle",
        got_one="1 bestätigt: Sie kümmern sich",
        got_many="{count} bestätigt: Sie kümmern sich",
        nobody_has_one="Noch kümmert sich niemand",
        nobody_has_many="Noch kümmert sich niemand",
        all_taken="Um jeden kümmert sich jemand",
        paged_one="1 Vorfall, für den Sie alarmiert wurden",
        paged_many="{count} Vorfälle, für die Sie alarmiert wurden",
        take_one="Bestätigen",
        take_many="Alle {count} bestätigen",
    ),
    "es": PageWords(
        language="es",
        moment="{time} UTC del {date}",
        nobody_has_it="Nadie lo atiende todavía",
        got_it="Confirmado: lo atiende usted",
        has_it_already="Ya lo atiende usted",
        other_has_it="{who} lo atiende",
        over="Ya ha terminado",
        since="Desde las {at}",
        nobody_else="No se avisa a nadie más.",
        acknowledged="Confirmado a las {at}.",
        nothing_to_do="No tiene que hacer nada.",
        part_of="Ahora forma parte de",
        resolved="Resuelto a las {at}.",
        resolved_by="Resuelto por {who} a las {at}.",
        open_incident="Abrir el incidente",
        open_app="Abrir PageFree",
        yours="Sus incidentes",
        got_one="1 confirmado: lo atiende usted",
        got_many="{count} confirmados: los atiende usted",
        nobody_has_one="Nadie lo atiende todavía",
        nobody_has_many="Nadie los atiende todavía",
        all_taken="Alguien atiende cada uno de ellos",
        paged_one="1 incidente del que se le avisó",
        paged_many="{count} incidentes de los que se le avisó",
        take_one="Confirmar",
        take_many="Confirmar los {count}",
    ),
    "fr": PageWords(
        language="fr",
        moment="{time} UTC le {date}",
        nobody_has_it="Personne ne s'en occupe encore",
        got_it="Confirmé : vous vous en occupez",
        has_it_already="Vous vous en occupez déjà",
        other_has_it="{who} s'en occupe",
        over="C'est terminé",
        since="Depuis {at}",
        nobody_else="Personne d'autre n'est appelé.",
        acknowledged="Confirmé à {at}.",
        nothing_to_do="Vous n'avez rien à faire.",
        part_of="Il fait maintenant partie de",
        resolved="Résolu à {at}.",
        resolved_by="Résolu par {who} à {at}.",
        open_incident="Ouvrir l'incident",
        open_app="Ouvrir PageFree",
        yours="Vos incidents",
        got_one="1 confirmé : vous vous en occupez",
        got_many="{count} confirmés : vous vous en occupez",
        nobody_has_one="Personne ne s'en occupe encore",
        nobody_has_many="Personne ne s'en occupe encore",
        all_taken="Quelqu'un s'occupe de chacun",
        paged_one="1 incident pour lequel on vous a appelé",
        paged_many="{count} incidents pour lesquels on vous a appelé",
        take_one="Confirmer",
        take_many="Confirmer les {count}",
    ),
    "it": PageWords(
        language="it",
        moment="{time} UTC del {date}",
        nobody_has_it="Nessuno se ne occupa ancora",
        got_it="Confermato: se ne occupa lei",
        has_it_already="Se ne occupa già lei",
        other_has_it="{who} se ne occupa",
        over="È finito",
        since="Dalle {at}",
        nobody_else="Nessun altro viene avvisato.",
        acknowledged="Confermato alle {at}.",
        nothing_to_do="Non deve fare nulla.",
        part_of="Ora fa parte di",
        resolved="Risolto alle {at}.",
        resolved_by="Risolto da {who} alle {at}.",
        open_incident="Aprire l'incidente",
        open_app="Aprire PageFree",
        yours="I suoi incidenti",
        got_one="1 confermato: se ne occupa lei",
        got_many="{count} confermati: se ne occupa lei",
        nobody_has_one="Nessuno se ne occupa ancora",
        nobody_has_many="Nessuno se ne occupa ancora",
        all_taken="Qualcuno si occupa di ognuno",
        paged_one="1 incidente per cui è stato avvisato",
        paged_many="{count} incidenti per cui è stato avvisato",
        take_one="Confermare",
        take_many="Confermare tutti e {count}",
    ),
}


def page_words_in(language: str) -> PageWords:
    """Those of a BCP 47 language such as de-AT; English where there are none."""
    return LANGUAGES.get(language[:2].lower(), LANGUAGES[DEFAULT])

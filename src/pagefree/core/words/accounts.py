"""What happens to somebody's account, in the languages of the voices: told to them as a notice."""

from dataclasses import dataclass

from pagefree.core.browsers import Browser


@dataclass(frozen=True, slots=True)
class AccountWords:
    """One sentence for each thing; they stand after `about`."""

    about: str
    sign_in_changed: str
    app_added: str
    app_removed: str
    passkey_added: str  # {name}
    passkey_removed: str  # {name}
    codes_renewed: str
    code_used: str  # {left}
    factors_reset: str  # {name}
    half_exhausted: str  # {tries}
    new_browser: str  # {address} {browser}
    unknown_address: str
    unknown_browser: str
    browser_on: str  # {browser} {system}
    unlinked: str  # {name}
    factor_wanted: str
    factor_wanted_from: str  # {day}

    def called(self, browser: Browser) -> str:
        """A browser as people call it; its own words are read to nobody."""
        name = browser.name or self.unknown_browser
        if not browser.system:
            return name
        return self.browser_on.format(browser=name, system=browser.system)


ENGLISH = AccountWords(
    about="Your account: ",
    sign_in_changed="the password was changed",
    app_added="an authenticator app was added",
    app_removed="the authenticator app was removed",
    passkey_added="the passkey “{name}” was added",
    passkey_removed="the passkey “{name}” was removed",
    codes_renewed="new recovery codes were made",
    code_used="a recovery code was used to sign in; {left} are left",
    factors_reset="{name} has removed all of your second factors and passkeys",
    half_exhausted=(
        "somebody has proven the first half of a sign-in, then failed {tries} times at"
        " the second; if it was not you, change your password"
    ),
    new_browser=(
        "somebody signed in from {address} with a browser that was not used before"
        " ({browser}); if it was not you, sign it out and change your password"
    ),
    unknown_address="an unknown address",
    unknown_browser="an unknown browser",
    browser_on="{browser} on {system}",
    unlinked="{name} signs you in no more",
    factor_wanted=(
        "please set up a second factor (an authenticator app or a passkey) under Me,"
        " Security: it is wanted of everybody here"
    ),
    factor_wanted_from=(
        "please set up a second factor (an authenticator app or a passkey) under Me,"
        " Security: from {day} on a password alone signs nobody in"
    ),
)
GERMAN = AccountWords(
    about="Ihr Konto: ",
    sign_in_changed="das Passwort wurde geändert",
    app_added="eine Authenticator-App wurde hinzugefügt",
    app_removed="die Authenticator-App wurde entfernt",
    passkey_added="der Passkey „{name}“ wurde hinzugefügt",
    passkey_removed="der Passkey „{name}“ wurde entfernt",
    codes_renewed="neue Wiederherstellungscodes wurden erzeugt",
    code_used="ein Wiederherstellungscode wurde zum Anmelden benutzt; {left} sind übrig",
    factors_reset="{name} hat alle Ihre zweiten Faktoren und Passkeys entfernt",
    half_exhausted=(
        "jemand hat die erste Hälfte einer Anmeldung geschafft und ist dann {tries}-mal"
        " an der zweiten gescheitert; waren Sie es nicht, ändern Sie Ihr Passwort"
    ),
    new_browser=(
        "jemand hat sich von {address} mit einem Browser angemeldet, der neu ist"
        " ({browser}); waren Sie es nicht, melden Sie ihn ab und ändern Sie Ihr Passwort"
    ),
    unknown_address="einer unbekannten Adresse",
    unknown_browser="ein unbekannter Browser",
    browser_on="{browser} auf {system}",
    unlinked="{name} meldet Sie nicht mehr an",
    factor_wanted=(
        "bitte richten Sie unter „Me, Security“ einen zweiten Faktor ein (eine"
        " Authenticator-App oder einen Passkey): er wird hier von allen erwartet"
    ),
    factor_wanted_from=(
        "bitte richten Sie unter „Me, Security“ einen zweiten Faktor ein (eine"
        " Authenticator-App oder einen Passkey): ab {day} genügt ein Passwort allein"
        " nicht mehr"
    ),
)
SPANISH = AccountWords(
    about="Su cuenta: ",
    sign_in_changed="se ha cambiado la contraseña",
    app_added="se ha añadido una aplicación de autenticación",
    app_removed="se ha quitado la aplicación de autenticación",
    passkey_added="se ha añadido la llave de acceso «{name}»",
    passkey_removed="se ha quitado la llave de acceso «{name}»",
    codes_renewed="se han creado nuevos códigos de recuperación",
    code_used="se ha usado un código de recuperación para entrar; quedan {left}",
    factors_reset="{name} ha quitado todos sus segundos factores y llaves de acceso",
    half_exhausted=(
        "alguien ha superado la primera mitad de un inicio de sesión y ha fallado"
        " {tries} veces en la segunda; si no ha sido usted, cambie su contraseña"
    ),
    new_browser=(
        "alguien ha entrado desde {address} con un navegador no usado hasta ahora"
        " ({browser}); si no ha sido usted, cierre esa sesión y cambie su contraseña"
    ),
    unknown_address="una dirección desconocida",
    unknown_browser="un navegador desconocido",
    browser_on="{browser} en {system}",
    unlinked="{name} ya no le permite entrar",
    factor_wanted=(
        "configure un segundo factor (una aplicación de autenticación o una llave de"
        " acceso) en «Me, Security»: se espera de todos"
    ),
    factor_wanted_from=(
        "configure un segundo factor (una aplicación de autenticación o una llave de"
        " acceso) en «Me, Security»: desde el {day} la contraseña sola no basta"
    ),
)
FRENCH = AccountWords(
    about="Votre compte : ",
    sign_in_changed="le mot de passe a été modifié",
    app_added="une application d'authentification a été ajoutée",
    app_removed="l'application d'authentification a été retirée",
    passkey_added="la clé d'accès « {name} » a été ajoutée",
    passkey_removed="la clé d'accès « {name} » a été retirée",
    codes_renewed="de nouveaux codes de secours ont été créés",
    code_used="un code de secours a servi à se connecter ; il en reste {left}",
    factors_reset="{name} a retiré tous vos seconds facteurs et clés d'accès",
    half_exhausted=(
        "quelqu'un a réussi la première moitié d'une connexion, puis a échoué {tries}"
        " fois à la seconde ; si ce n'était pas vous, changez votre mot de passe"
    ),
    new_browser=(
        "quelqu'un s'est connecté depuis {address} avec un navigateur inconnu jusque-là"
        " ({browser}) ; si ce n'était pas vous, déconnectez-le et changez votre mot de"
        " passe"
    ),
    unknown_address="une adresse inconnue",
    unknown_browser="un navigateur inconnu",
    browser_on="{browser} sous {system}",
    unlinked="{name} ne vous connecte plus",
    factor_wanted=(
        "veuillez configurer un second facteur (une application d'authentification ou"
        " une clé d'accès) sous « Me, Security » : il est attendu de tous"
    ),
    factor_wanted_from=(
        "veuillez configurer un second facteur (une application d'authentification ou"
        " une clé d'accès) sous « Me, Security » : à partir du {day}, le mot de passe"
        " seul ne suffit plus"
    ),
)
ITALIAN = AccountWords(
    about="Il suo account: ",
    sign_in_changed="la password è stata cambiata",
    app_added="è stata aggiunta un'app di autenticazione",
    app_removed="l'app di autenticazione è stata rimossa",
    passkey_added="la passkey «{name}» è stata aggiunta",
    passkey_removed="la passkey «{name}» è stata rimossa",
    codes_renewed="sono stati creati nuovi codici di recupero",
    code_used="un codice di recupero è stato usato per accedere; ne restano {left}",
    factors_reset="{name} ha rimosso tutti i suoi secondi fattori e passkey",
    half_exhausted=(
        "qualcuno ha superato la prima metà di un accesso e ha fallito {tries} volte"
        " la seconda; se non è stato lei, cambi la password"
    ),
    new_browser=(
        "qualcuno ha effettuato l'accesso da {address} con un browser mai usato prima"
        " ({browser}); se non è stato lei, lo disconnetta e cambi la password"
    ),
    unknown_address="un indirizzo sconosciuto",
    unknown_browser="un browser sconosciuto",
    browser_on="{browser} su {system}",
    unlinked="{name} non le consente più di accedere",
    factor_wanted=(
        "configuri un secondo fattore (un'app di autenticazione o una passkey) in «Me,"
        " Security»: è richiesto a tutti"
    ),
    factor_wanted_from=(
        "configuri un secondo fattore (un'app di autenticazione o una passkey) in «Me,"
        " Security»: dal {day} la sola password non basta più"
    ),
)
LANGUAGES = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
}
ABOUTS = tuple(one.about for one in LANGUAGES.values())


def account_words(language: str) -> AccountWords:
    """Those of a BCP 47 language such as de-AT; English where there are none."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)

import { nameOf, type Unsent } from "../actions";
import type { Press } from "../database";

type Verb = Press["verb"];

/** What the service worker says by itself, in one language. */
interface Words {
  news: string;
  open: string;
  /** of the buttons */
  verbs: Record<Verb, string>;
  /** what came of a press, by the state that the server answers */
  yours: string;
  taken: string;
  over: string;
  many: string;
  resolved: string;
  notResolved: string;
  useless: string;
  /** there is no connection: what is done as soon as there is one */
  kept: Record<Verb, string>;
  notDone: string;
}

const LANGUAGES: Record<string, Words> = {
  en: {
    news: "PageFree has news",
    open: "Open",
    verbs: { acknowledge: "Acknowledge", resolve: "Resolve" },
    yours: "You have it",
    taken: "Somebody has it already",
    over: "It is over already",
    many: "You have them all",
    resolved: "Resolved",
    notResolved: "Not resolved",
    useless: "This button counts no longer: open the incident",
    kept: {
      acknowledge: "No connection: you have it as soon as there is one",
      resolve: "No connection: it is resolved as soon as there is one",
    },
    notDone: "Not done",
  },
  de: {
    news: "PageFree hat Neuigkeiten",
    open: "Öffnen",
    verbs: { acknowledge: "Bestätigen", resolve: "Lösen" },
    yours: "Sie haben ihn übernommen",
    taken: "Jemand hat ihn schon übernommen",
    over: "Er ist schon vorbei",
    many: "Sie haben alle übernommen",
    resolved: "Gelöst",
    notResolved: "Nicht gelöst",
    useless: "Dieser Knopf gilt nicht mehr: öffnen Sie den Vorfall",
    kept: {
      acknowledge: "Keine Verbindung: bestätigt, sobald es eine gibt",
      resolve: "Keine Verbindung: gelöst, sobald es eine gibt",
    },
    notDone: "Nicht geschehen",
  },
  es: {
    news: "PageFree tiene novedades",
    open: "Abrir",
    verbs: { acknowledge: "Confirmar", resolve: "Resolver" },
    yours: "Lo tiene usted",
    taken: "Alguien ya lo tiene",
    over: "Ya ha terminado",
    many: "Los tiene todos",
    resolved: "Resuelto",
    notResolved: "Sin resolver",
    useless: "Este botón ya no vale: abra el incidente",
    kept: {
      acknowledge: "Sin conexión: se confirmará en cuanto la haya",
      resolve: "Sin conexión: se resolverá en cuanto la haya",
    },
    notDone: "No se ha hecho",
  },
  fr: {
    news: "PageFree a du nouveau",
    open: "Ouvrir",
    verbs: { acknowledge: "Confirmer", resolve: "Résoudre" },
    yours: "Vous l'avez pris en charge",
    taken: "Quelqu'un l'a déjà pris en charge",
    over: "C'est déjà terminé",
    many: "Vous les avez tous pris en charge",
    resolved: "Résolu",
    notResolved: "Non résolu",
    useless: "Ce bouton ne vaut plus : ouvrez l'incident",
    kept: {
      acknowledge: "Pas de connexion : confirmé dès qu'il y en a une",
      resolve: "Pas de connexion : résolu dès qu'il y en a une",
    },
    notDone: "Non fait",
  },
  it: {
    news: "PageFree ha novità",
    open: "Apri",
    verbs: { acknowledge: "Conferma", resolve: "Risolvi" },
    yours: "È in carico a lei",
    taken: "Qualcuno lo ha già preso in carico",
    over: "È già finito",
    many: "Sono tutti in carico a lei",
    resolved: "Risolto",
    notResolved: "Non risolto",
    useless: "Questo pulsante non vale più: apra l'incidente",
    kept: {
      acknowledge: "Nessuna connessione: confermato appena c'è",
      resolve: "Nessuna connessione: risolto appena c'è",
    },
    notDone: "Non fatto",
  },
};

export const SPOKEN = Object.keys(LANGUAGES);

/** Those of a language such as de-AT; English where there are none. */
export function wordsIn(language: string): Words {
  const [short = ""] = language.toLowerCase().split("-");
  const words = LANGUAGES[short] ?? LANGUAGES.en;
  if (!words) throw new Error("English is spoken");
  return words;
}

/** What came of a press, by what the server says. */
export function cameOf(state: string, verb: Verb, words: Words): string {
  const done = { acknowledge: words.over, resolve: words.resolved };
  const taken: Record<string, string> = {
    yours: words.yours,
    taken: words.taken,
    many: words.many,
  };
  if (state === "over") return done[verb];
  const said = taken[state];
  if (!said) return words.useless;
  return verb === "acknowledge" ? said : words.notResolved;
}

/** "Not done: Resolve #12", of what waited for a connection. */
export function notDone(action: Unsent, words: Words): string {
  return `${words.notDone}: ${nameOf(action)}`;
}

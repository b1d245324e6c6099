import type {
  PageTexts,
  StatusPage,
  StatusPageChanges,
} from "../../api/generated";

/** The languages in which a page has words of its own. */
export const LANGUAGES = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  pt: "Português",
} as const;

export function isLanguage(text: string): text is keyof typeof LANGUAGES {
  return text in LANGUAGES;
}

type Texts = Record<string, Required<PageTexts>>;
const EMPTY = { name: "", description: "", footer: "" };

/** The texts of every language that there is; what is missing is empty. */
export function textsOf(
  page: Pick<
    StatusPage,
    "languages" | "description" | "footer" | "translations" | "name"
  >,
): Texts {
  const { name, description, footer } = page;
  return Object.fromEntries(
    Object.keys(LANGUAGES).map((one) => [
      one,
      one === page.languages[0]
        ? { name, description, footer }
        : { ...EMPTY, ...page.translations[one] },
    ]),
  );
}

/** The texts as the API takes them: those of the first language are the page's own. */
export function translationsOf(
  languages: readonly string[],
  texts: Texts,
): Pick<StatusPageChanges, "description" | "footer" | "translations"> {
  const [own = "en", ...others] = languages;
  const { description, footer } = texts[own] ?? EMPTY;
  return {
    description,
    footer,
    translations: Object.fromEntries(
      others.map((one) => [one, texts[one] ?? EMPTY]),
    ),
  };
}

import type { IntegrationKind } from "../../api/generated";

type Category = IntegrationKind["category"];

/** How the parts of the catalogue are called, in their order. */
export const CATEGORIES: Readonly<Record<Category, string>> = {
  metrics: "Metrics and checks",
  uptime: "Uptime",
  logs: "Logs",
  errors: "Errors",
  cloud: "Cloud",
  code: "Code and deployments",
  tickets: "Tickets",
  generic: "Anything else",
  "drop-in": "In place of another pager",
};

const HINTS: Partial<Record<Category, string>> = {
  generic: "For a tool that has no card of its own: whatever can post JSON.",
  "drop-in":
    "Keep the clients you have: they speak another pager's protocol, and only the host changes.",
};

export interface Part {
  category: Category;
  title: string;
  hint: string | undefined;
  kinds: IntegrationKind[];
}

function isCategory(text: string): text is Category {
  return text in CATEGORIES;
}

/** The tools that have all of the words in their name, summary or category, part by part. */
export function partsOf(
  kinds: readonly IntegrationKind[],
  text: string,
  only: string,
): Part[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ kind, title, summary, category }: IntegrationKind) => {
    const all =
      `${kind} ${title} ${summary} ${CATEGORIES[category]}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return Object.keys(CATEGORIES)
    .filter(isCategory)
    .map((category) => ({
      category,
      title: CATEGORIES[category],
      hint: HINTS[category],
      kinds: kinds
        .filter(
          (each) =>
            each.category === category &&
            (only === "" || only === category) &&
            fits(each),
        )
        .sort((a, b) => a.title.localeCompare(b.title)),
    }))
    .filter((part) => part.kinds.length > 0);
}

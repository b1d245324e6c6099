import type { ContextLink, IncidentContext } from "../../api/generated";
import { isWebAddress } from "../../ui/AlertFacts";

const RUNBOOK = /run.?book|play.?book/i;

/** Links that a browser opens safely: what says what to do first, then the others. */
export function linksOf(links: readonly ContextLink[]): {
  runbooks: ContextLink[];
  others: ContextLink[];
} {
  const safe = links.filter(({ href }) => isWebAddress(href));
  const isRunbook = ({ href, text }: ContextLink) =>
    RUNBOOK.test(text) || RUNBOOK.test(href);
  return {
    runbooks: safe.filter(isRunbook),
    others: safe.filter((link) => !isRunbook(link)),
  };
}

/** What to call a link. */
export function nameOf({ href, text }: ContextLink): string {
  return text || href.replace(/^https?:\/\//i, "");
}

type Similar = Pick<
  IncidentContext["similar"][number],
  "opened_at" | "resolved_at"
>;

/** How many seconds it was open; none: it still is. */
export function openForS({ opened_at, resolved_at }: Similar) {
  return resolved_at === null
    ? undefined
    : Math.round((Date.parse(resolved_at) - Date.parse(opened_at)) / 1000);
}

type Likeness = Pick<
  IncidentContext["similar"][number],
  "same_condition" | "likeness" | "service"
>;

/** "the same condition", or how much it has in common, and of which service it was. */
export function likenessInWords(incident: Likeness): string {
  const { same_condition, likeness, service } = incident;
  if (same_condition) return "the same condition";
  return `${Math.round(likeness * 100)} % alike, ${service}`;
}

/** How long before it opened something was changed. */
export function beforeS(at: string, opened_at: string): number {
  return Math.max(
    0,
    Math.round((Date.parse(opened_at) - Date.parse(at)) / 1000),
  );
}

/** Is there nothing that could explain it? */
export function saysNothing(context: IncidentContext): boolean {
  const { links, changes, similar, upstream, downstream } = context;
  const { changes_since: since, suffering } = context;
  return [
    links,
    changes,
    since,
    similar,
    upstream,
    downstream,
    suffering,
  ].every((each) => each.length === 0);
}

/** "Checkout is tier 1 of 4: it matters most." */
export function tierInWords(service: string, tier: number): string {
  const most = tier === 1 ? ": it matters most" : "";
  const least = tier === 4 ? ": it matters least" : "";
  return `${service} is tier ${tier} of 4${most}${least}.`;
}

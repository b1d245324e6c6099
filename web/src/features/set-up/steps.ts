/** From somebody who has just arrived to the first page, in this order. */
export const STEPS = [
  { name: "team", title: "Make a team" },
  { name: "reach", title: "How you are reached" },
  { name: "schedule", title: "Put somebody on call" },
  { name: "policy", title: "Say who is paged" },
  { name: "service", title: "Add what you monitor" },
  { name: "integration", title: "Connect a tool" },
  { name: "page", title: "See a page arrive" },
] as const;

export type StepName = (typeof STEPS)[number]["name"];

/** The first that is neither done nor skipped; none: the last one is looked at. */
export function nextStep(
  done: ReadonlySet<StepName>,
  skipped: ReadonlySet<StepName> = new Set(),
): StepName {
  const open = STEPS.find(({ name }) => !done.has(name) && !skipped.has(name));
  return open?.name ?? "page";
}

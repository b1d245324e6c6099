import type { PageGrant, PageGrantIn } from "../../api/generated";

/** What a grant is, as it would be asked for. */
export function bodyOf(grant: PageGrant | null): PageGrantIn {
  if (!grant) return { components: [], partner_updates: false };
  return {
    components: grant.whole_page
      ? null
      : grant.components.map(({ id, expires_at }) => ({
          component_id: id,
          expires_at,
        })),
    partner_updates: grant.partner_updates,
    expires_at: grant.expires_at,
  };
}

/** The grant with this component put in or taken out; null: nothing of the page is left. */
export function withComponent(
  grant: PageGrant | null,
  componentId: string,
): PageGrantIn | null {
  const body = bodyOf(grant);
  const before = body.components ?? [];
  const without = before.filter((one) => one.component_id !== componentId);
  const components =
    without.length < before.length
      ? without
      : [...before, { component_id: componentId }];
  return components.length > 0
    ? { ...body, components, expires_at: null }
    : null;
}

/** The whole page, or nothing of it. */
export function withWholePage(grant: PageGrant | null): PageGrantIn | null {
  return grant?.whole_page ? null : { ...bodyOf(grant), components: null };
}

export function withUpdates(grant: PageGrant): PageGrantIn {
  return { ...bodyOf(grant), partner_updates: !grant.partner_updates };
}

/** "All of it", "Checkout and Search", "Checkout, Search and 3 more". */
export function grantWords({ whole_page, components }: PageGrant): string {
  if (whole_page) return "All of it";
  const names = components.map(({ name }) => name);
  if (names.length > 3)
    return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}

import type { InfiniteData, Query, QueryClient } from "@tanstack/react-query";
import type { PageIncidentOut } from "../../api/generated";

/** Some rows of a list, as they came; they stand for all between two places of the whole list. */
export interface Rows extends PageIncidentOut {
  /** the id of the last row that came; none: down to the end of the list */
  reaches?: string;
}

export type List = InfiniteData<Rows, string | null>;
type Fetch = (cursor: string | null) => Promise<PageIncidentOut>;

const TRIES = 5;
// more new ones than this between two looks: begin anew
const MOST_FETCHED = 20;

class Changed extends Error {}

/** What came, and how far down it reaches. */
export function rowsOf(page: PageIncidentOut): Rows {
  const reaches = page.next_cursor ? page.items.at(-1)?.id : undefined;
  return { ...page, ...(reaches && { reaches }) };
}

/**
 * Fetch again the parts of a list that hold these incidents, or would; the rest stays.
 *
 * A list is in the order of its ids, newest first, so an incident has one place in it
 * whether it is shown there or not.
 */
export async function refreshRows(
  queryClient: QueryClient,
  query: Query,
  ids: ReadonlySet<string>,
  fetch: Fetch,
) {
  for (const cursor of cursorsOf(listOf(query), ids)) {
    await refreshPart(queryClient, query, cursor, fetch);
  }
}

function listOf(query: Query): List | undefined {
  return query.state.data as List | undefined;
}

/** Where the parts begin in which these ids have their place. */
export function cursorsOf(
  list: List | undefined,
  ids: ReadonlySet<string>,
): ReadonlySet<string | null> {
  const found = new Set<string | null>();
  for (const id of ids) {
    const at = list?.pages.findIndex(
      ({ reaches }) => reaches === undefined || id >= reaches,
    );
    const cursor = list?.pageParams[at ?? -1];
    // further down than anybody has scrolled: it comes when somebody does
    if (cursor !== undefined) found.add(cursor);
  }
  return found;
}

async function refreshPart(
  queryClient: QueryClient,
  query: Query,
  cursor: string | null,
  fetch: Fetch,
) {
  for (let tries = 0; tries < TRIES; tries++) {
    const list = listOf(query);
    const at = list?.pageParams.indexOf(cursor) ?? -1;
    const old = list?.pages[at];
    if (!list || !old) return;
    const { dataUpdateCount } = query.state;
    const fresh = await between(cursor, old, fetch);
    // the next rows are being appended to what was there before: not under their feet
    if (query.state.fetchStatus !== "idle")
      await query.promise?.catch(() => {});
    // what has changed meanwhile may be newer than what came
    if (query.state.dataUpdateCount !== dataUpdateCount) continue;
    queryClient.setQueryData<List>(query.queryKey, {
      pages: list.pages.toSpliced(at, 1, ...fresh.pages),
      pageParams: list.pageParams.toSpliced(at, 1, ...fresh.pageParams),
    });
    return;
  }
  throw new Changed("the list changes faster than it can be fetched");
}

/** All rows of this part of the list as they are now, in as many pages as that takes. */
async function between(
  cursor: string | null,
  old: Rows,
  fetch: Fetch,
): Promise<List> {
  const { reaches, next_cursor } = old;
  const fresh: List = { pages: [], pageParams: [] };
  for (let from = cursor; fresh.pages.length < MOST_FETCHED; ) {
    const page = rowsOf(await fetch(from));
    fresh.pageParams.push(from);
    const isLast =
      !page.next_cursor ||
      (reaches !== undefined && (page.reaches ?? "") <= reaches);
    if (!isLast) {
      fresh.pages.push(page);
      from = page.next_cursor;
      continue;
    }
    // what is below belongs to the next part
    const items = reaches
      ? page.items.filter(({ id }) => id >= reaches)
      : page.items;
    const end = reaches ? { next_cursor, reaches } : { next_cursor: null };
    fresh.pages.push({ items, ...end });
    return fresh;
  }
  throw new Changed("too much is new");
}

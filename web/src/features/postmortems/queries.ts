import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from "@tanstack/react-query";
import {
  getPostmortem,
  getPostmortemVersion,
  type ListPostmortemsData,
  listActionItems,
  listIncidents,
  listPostmortemActionItems,
  listPostmortems,
  listPostmortemTags,
  listPostmortemTemplates,
  listPostmortemVersions,
} from "../../api/generated";

const NO_CURSOR: string | null = null;
const MOST_FOUND = 10;

type Wanted = Omit<
  NonNullable<ListPostmortemsData["query"]>,
  "cursor" | "limit"
>;

export function listQuery(wanted: Wanted) {
  return infiniteQueryOptions({
    queryKey: ["postmortems", "list", wanted],
    queryFn: ({ pageParam, signal }) =>
      listPostmortems({
        query: { ...wanted, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export const tagsQuery = queryOptions({
  queryKey: ["postmortems", "tags"],
  queryFn: ({ signal }) => listPostmortemTags({ signal }),
});

export function postmortemQuery(id: string) {
  return queryOptions({
    queryKey: ["postmortems", "one", id],
    queryFn: ({ signal }) =>
      getPostmortem({ path: { postmortem_id: id }, signal }),
  });
}

export function itemsQuery(id: string) {
  return queryOptions({
    queryKey: ["postmortems", "items", id],
    queryFn: ({ signal }) =>
      listPostmortemActionItems({ path: { postmortem_id: id }, signal }),
  });
}

export function allItemsQuery(mine: boolean, open: boolean) {
  return infiniteQueryOptions({
    queryKey: ["action-items", mine, open],
    queryFn: ({ pageParam, signal }) =>
      listActionItems({
        query: {
          mine,
          status: open ? "open" : undefined,
          cursor: pageParam,
          limit: 50,
        },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: ["postmortems", "versions", id],
    queryFn: ({ signal }) =>
      listPostmortemVersions({ path: { postmortem_id: id }, signal }),
  });
}

/** What a version holds never changes. */
export function versionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["postmortem-version", id, number],
    queryFn: ({ signal }) =>
      getPostmortemVersion({ path: { postmortem_id: id, number }, signal }),
  });
}

export function templatesQuery(teamId: string | undefined) {
  return queryOptions({
    queryKey: ["postmortem-templates", teamId],
    queryFn: ({ signal }) =>
      listPostmortemTemplates({ query: { team_id: teamId }, signal }),
  });
}

/** Resolved incidents by number or words of the title. */
export function resolvedQuery(text: string) {
  return queryOptions({
    queryKey: ["incidents", "for a postmortem", text],
    queryFn: ({ signal }) =>
      listIncidents({
        query: { status: "resolved", query: text, limit: MOST_FOUND },
        signal,
      }),
  });
}

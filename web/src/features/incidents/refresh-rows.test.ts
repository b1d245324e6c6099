import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { IncidentOut } from "../../api/generated";
import { refreshIncidents } from "../../realtime";
import { cursorsOf, type List, refreshRows, rowsOf } from "./refresh-rows";
import { anIncident } from "./samples.testing";

const KEY = ["incidents", "list"];
const PAGE = 3;

/** A server with incidents by their ids, newest first. */
function aServer(...ids: string[]) {
  const asked: (string | null)[] = [];
  const rows = new Map<string, IncidentOut>();
  const put = (id: string, title = id) =>
    rows.set(id, anIncident({ id, title }));
  for (const id of ids) put(id);
  const fetch = async (cursor: string | null) => {
    asked.push(cursor);
    const all = [...rows.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    const below = all.filter(({ id }) => cursor === null || id < cursor);
    const items = below.slice(0, PAGE);
    const last = items.length === PAGE ? items.at(-1)?.id : undefined;
    return { items, next_cursor: last ?? null };
  };
  return { asked, rows, put, fetch };
}

/** A browser that has loaded `pages` of the list. */
async function aList(server: ReturnType<typeof aServer>, pages: number) {
  const client = new QueryClient();
  const list: List = { pages: [], pageParams: [] };
  let cursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const rows = rowsOf(await server.fetch(cursor));
    list.pages.push(rows);
    list.pageParams.push(cursor);
    cursor = rows.next_cursor ?? null;
  }
  client.setQueryData(KEY, list);
  server.asked.length = 0;
  const query = client.getQueryCache().find({ queryKey: KEY });
  if (!query) throw new Error("no list");
  return {
    client,
    query,
    look: (...ids: string[]) =>
      refreshRows(client, query, new Set(ids), server.fetch),
    titles: () =>
      client
        .getQueryData<List>(KEY)
        ?.pages.flatMap(({ items }) => items.map(({ title }) => title)),
  };
}

const NINE = ["09", "08", "07", "06", "05", "04", "03", "02", "01"];

test("only the part of the list in which an incident stands is fetched again", async () => {
  const server = aServer(...NINE);
  const list = await aList(server, 3);
  server.put("05", "05 acknowledged");

  await list.look("05");

  expect(server.asked).toEqual(["07"]);
  expect(list.titles()).toEqual(
    NINE.map((id) => (id === "05" ? "05 acknowledged" : id)),
  );
});

test("rows that go and come back are neither lost nor doubled, wherever a part ends", async () => {
  const server = aServer(...NINE);
  const list = await aList(server, 2);
  for (const id of ["07", "06", "04"]) server.rows.delete(id);

  await list.look("07", "06", "04");
  expect(list.titles()).toEqual(["09", "08", "05"]);

  for (const id of ["07", "06", "04"]) server.put(id);
  await list.look("07", "06", "04");
  expect(list.titles()).toEqual(NINE.slice(0, 6));
});

test("however many new ones come on top, in the order of the server", async () => {
  const server = aServer(...NINE);
  const list = await aList(server, 2);
  const fresh = ["17", "16", "15", "14", "13", "12", "11"];
  for (const id of fresh) server.put(id);

  await list.look("17");

  expect(list.titles()).toEqual([...fresh, ...NINE.slice(0, 6)]);
  const { pages = [], pageParams } = list.client.getQueryData<List>(KEY) ?? {};
  expect(pages.at(-1)?.next_cursor).toBe("04");
  // each part says where the next begins
  expect(pageParams?.slice(1)).toEqual(
    pages.slice(0, -1).map((page) => page.next_cursor),
  );
});

test("what nobody has scrolled to is not fetched", async () => {
  const server = aServer(...NINE);
  const list = await aList(server, 1);

  await list.look("02");

  expect(server.asked).toEqual([]);
  expect(
    cursorsOf(list.client.getQueryData<List>(KEY), new Set(["02"])),
  ).toEqual(new Set());
});

test("what was changed here while the server answered is fetched once more", async () => {
  const server = aServer(...NINE);
  const list = await aList(server, 2);
  const { fetch } = server;
  let changes = 0;
  server.fetch = async (cursor) => {
    const page = await fetch(cursor);
    if (changes++ === 0) {
      list.client.setQueryData<List>(
        KEY,
        (old) => old && { ...old, pages: [...old.pages] },
      );
      server.put("08", "08 newer");
    }
    return page;
  };

  await list.look("08");

  expect(list.titles()?.[1]).toBe("08 newer");
});

test("a list that cannot be mended so is fetched as a whole", async () => {
  const client = new QueryClient();
  let whole = 0;
  const observer = new QueryObserver(client, {
    queryKey: KEY,
    queryFn: async () => ++whole,
    meta: { refresh: () => Promise.reject(new Error("no answer")) },
  });
  const stop = observer.subscribe(() => {});
  await client.refetchQueries({ queryKey: KEY });

  await refreshIncidents(client, new Set(["05"]));

  expect(client.getQueryData(KEY)).toBe(2);
  stop();
});

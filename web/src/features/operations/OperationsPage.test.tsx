import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../../api/errors";
import type { Me, Operations } from "../../api/generated";
import { meQuery } from "../../me";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { OperationsPage } from "./OperationsPage";
import { flights, share, size, workName } from "./words";

const AT = "2026-11-25T12:00:00Z";
const server = testServer();

const WELL: Operations = {
  measured_at: AT,
  healthy: true,
  verdict: "The pager is healthy",
  concerns: [],
  version: "1.2.0",
  canary: {
    on: true,
    watchdog: true,
    p95_seconds: 0.4,
    runs: [{ started_at: AT, seconds: 0.4, why: null }],
  },
  work: [{ what: "escalations", due_count: 0, late_s: 0, most_s: 30 }],
  processes: [
    {
      kind: "worker",
      host: "node-1",
      version: "1.1.0",
      started_at: AT,
      beat_at: AT,
      silent: false,
    },
  ],
  database: {
    version: "18.1",
    bytes: 500_000_000,
    replica_count: 0,
    replication_lag_s: 0,
    transaction_age: 1234,
    clock_offset_s: 0,
    disk_free: 0.4,
  },
  providers: [],
  unreadable_count: 0,
  findings: [],
  broken: [],
  room: {
    partition_count: 9,
    days_ahead: 7,
    unplaced_count: 0,
    finding: null,
  },
};

function asPlatformAdmin() {
  const cache = asTeamAdmin();
  cache.setQueryData(meQuery.queryKey, (me: Me | undefined) =>
    me ? { ...me, platform_admin: true } : me,
  );
  return cache;
}

test("a healthy pager says so in one line, and which process runs another version", async () => {
  server.on("GET /v1/operations", () => ({ json: WELL }));
  show(<OperationsPage />, asPlatformAdmin());

  expect(await screen.findByText("The pager is healthy")).toBeTruthy();
  expect(screen.getByText("1 flight, all came back")).toBeTruthy();
  expect(screen.getByText(/1\.1\.0 \(this is 1\.2\.0\)/)).toBeTruthy();
});

test("what is wrong is said with what to do, and how to be watched from outside", async () => {
  const ill: Operations = {
    ...WELL,
    healthy: false,
    verdict: "The pager needs you: no worker process has been heard of",
    concerns: [
      {
        alarm: "PageFreeProcessSilent",
        says: "no worker process has been heard of",
        todo: "Start one: pagefree worker.",
      },
    ],
    canary: { ...WELL.canary, watchdog: false, runs: [], p95_seconds: null },
    unreadable_count: 3,
  };
  server.on("GET /v1/operations", () => ({ json: ill }));
  show(<OperationsPage />, asPlatformAdmin());

  expect(await screen.findByText(/Start one: pagefree worker/)).toBeTruthy();
  expect(screen.getByText("PAGEFREE_WATCHDOG_URL")).toBeTruthy();
  expect(screen.getByText("3 could not be read")).toBeTruthy();
});

test("who is no platform admin is told whom to ask", async () => {
  show(<OperationsPage />, asTeamAdmin());

  expect(await screen.findByText("For platform admins")).toBeTruthy();
});

test("figures are said in words", () => {
  const run = { started_at: AT, seconds: 1, why: null };

  expect(flights([run, { ...run, why: "lost" }])).toBe("2 flights, 1 failed");
  expect([size(900), size(5_000_000)]).toEqual(["900 bytes", "4.8 MiB"]);
  expect([share(199, 200), share(0, 0)]).toEqual(["99 %", "–"]);
  expect(workName("status_pages")).toBe("Reader of events: status pages");
});

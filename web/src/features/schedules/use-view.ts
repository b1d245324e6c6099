import { useNavigate, useSearch } from "@tanstack/react-router";
import { useNow } from "../../ui/now";
import { HERE, wallOf } from "../../ui/wall";
import { windowOf, ZOOMS } from "./window";

const VIEWS = ["timeline", "calendar", "list"] as const;

/** What of a schedule is shown, kept in the address: how, how much, from when, and whose clock. */
export function useView(scheduleZone: string) {
  const search: Record<string, string> = useSearch({
    from: "/frame/schedules/$scheduleId",
  });
  const navigate = useNavigate({ from: "/schedules/$scheduleId" });
  const now = useNow(60);
  const view = VIEWS.find((each) => each === search.view) ?? "timeline";
  const wanted = ZOOMS.find((each) => each === search.zoom) ?? "fortnight";
  const zoom = view === "calendar" ? "month" : wanted;
  const zone = search.zone === "schedule" ? scheduleZone : HERE;
  const today = wallOf(now, zone).date;
  const date = /^\d{4}-\d\d-\d\d$/.test(search.at ?? "")
    ? (search.at ?? today)
    : today;
  const window = windowOf(zoom, date, zone);
  return {
    view,
    zoom,
    zone,
    date,
    window,
    /** today is in what is shown */
    current: window.start <= now && now < window.end,
    show: (more: {
      view?: string;
      zoom?: string;
      at?: string;
      zone?: string;
    }) =>
      void navigate({
        search: { ...search, ...more },
        replace: true,
        resetScroll: false,
      }),
  };
}

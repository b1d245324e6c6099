import {
  type Icon,
  IconActivityHeartbeat,
  IconAddressBook,
  IconAlertCircle,
  IconArrowsSplit2,
  IconBarrierBlock,
  IconBell,
  IconBook2,
  IconBroadcast,
  IconCalendarTime,
  IconChartBar,
  IconGauge,
  IconHeadset,
  IconHeartRateMonitor,
  IconHistory,
  IconKey,
  IconMailbox,
  IconPlugConnected,
  IconReportSearch,
  IconRoute,
  IconServer2,
  IconStairsUp,
  IconUserCircle,
  IconUsersGroup,
  IconWorld,
  IconZoomQuestion,
} from "@tabler/icons-react";
import type { Me } from "../api/generated";

interface Place {
  to:
    | "/incidents"
    | "/alerts"
    | "/on-call"
    | "/schedules"
    | "/policies"
    | "/explain"
    | "/services"
    | "/integrations"
    | "/routing"
    | "/heartbeats"
    | "/runbooks"
    | "/maintenance"
    | "/workflows"
    | "/status-pages"
    | "/postmortems"
    | "/insights"
    | "/channels"
    | "/limits"
    | "/audit"
    | "/operations"
    | "/partners"
    | "/sign-on"
    | "/team"
    | "/outbox"
    | "/me";
  title: string;
  icon: Icon;
  /** g and then this letter goes there */
  letter: string;
  demoOnly?: boolean;
  /** for platform admins */
  adminOnly?: boolean;
}

const INCIDENTS: Place = {
  to: "/incidents",
  title: "Incidents",
  icon: IconAlertCircle,
  letter: "i",
};
const ON_CALL: Place = {
  to: "/on-call",
  title: "On call",
  icon: IconHeadset,
  letter: "o",
};
const ME: Place = { to: "/me", title: "Me", icon: IconUserCircle, letter: "m" };

const PLACES: readonly Place[] = [
  INCIDENTS,
  { to: "/alerts", title: "Alerts", icon: IconBell, letter: "a" },
  ON_CALL,
  {
    to: "/schedules",
    title: "Schedules",
    icon: IconCalendarTime,
    letter: "c",
  },
  { to: "/policies", title: "Policies", icon: IconStairsUp, letter: "p" },
  { to: "/explain", title: "Explain", icon: IconZoomQuestion, letter: "e" },
  { to: "/services", title: "Services", icon: IconServer2, letter: "s" },
  {
    to: "/integrations",
    title: "Integrations",
    icon: IconPlugConnected,
    letter: "n",
  },
  { to: "/routing", title: "Routing rules", icon: IconRoute, letter: "u" },
  {
    to: "/heartbeats",
    title: "Heartbeats",
    icon: IconActivityHeartbeat,
    letter: "b",
  },
  { to: "/runbooks", title: "Runbooks", icon: IconBook2, letter: "k" },
  {
    to: "/maintenance",
    title: "Maintenance",
    icon: IconBarrierBlock,
    letter: "w",
  },
  {
    to: "/workflows",
    title: "Workflows",
    icon: IconArrowsSplit2,
    letter: "f",
  },
  {
    to: "/status-pages",
    title: "Status pages",
    icon: IconWorld,
    letter: "d",
  },
  {
    to: "/postmortems",
    title: "Postmortems",
    icon: IconReportSearch,
    letter: "r",
  },
  { to: "/insights", title: "Insights", icon: IconChartBar, letter: "y" },
  {
    to: "/partners",
    title: "Partners",
    icon: IconUsersGroup,
    letter: "v",
    adminOnly: true,
  },
  { to: "/team", title: "Team", icon: IconAddressBook, letter: "t" },
  {
    to: "/sign-on",
    title: "Single sign-on",
    icon: IconKey,
    letter: "q",
    adminOnly: true,
  },
  {
    to: "/channels",
    title: "Channels",
    icon: IconBroadcast,
    letter: "h",
    adminOnly: true,
  },
  {
    to: "/limits",
    title: "Limits",
    icon: IconGauge,
    letter: "l",
    adminOnly: true,
  },
  {
    to: "/audit",
    title: "Audit",
    icon: IconHistory,
    letter: "j",
    adminOnly: true,
  },
  {
    to: "/operations",
    title: "PageFree itself",
    icon: IconHeartRateMonitor,
    letter: "z",
    adminOnly: true,
  },
  {
    to: "/outbox",
    title: "Outbox",
    icon: IconMailbox,
    letter: "x",
    demoOnly: true,
  },
  ME,
];

/** The sections there are for this person, in the order of the rail. */
export function placesFor(me: Me): readonly Place[] {
  return PLACES.filter(
    ({ demoOnly, adminOnly }) =>
      (!demoOnly || me.demo) && (!adminOnly || me.platform_admin),
  );
}

/** The places of the phone's bottom bar; "Page someone" and "More" stand between. */
export const BOTTOM = { first: INCIDENTS, second: ON_CALL, last: ME };

interface Shown {
  insight: string;
  title: string;
  /** said while there is nothing to show */
  none: string;
  note?: string;
}

interface View {
  name: string;
  title: string;
  reports: readonly Shown[];
}

const NO_INCIDENTS = "No incident was opened in these days.";

/** The reports, by what one comes to find out. */
export const VIEWS: readonly View[] = [
  {
    name: "incidents",
    title: "Incidents",
    reports: [
      { insight: "trend", title: "Over time", none: NO_INCIDENTS },
      { insight: "hours", title: "By hour", none: NO_INCIDENTS },
      { insight: "services", title: "By service", none: NO_INCIDENTS },
      { insight: "teams", title: "By team", none: NO_INCIDENTS },
    ],
  },
  {
    name: "answers",
    title: "Answers",
    reports: [
      {
        insight: "in-time",
        title: "Answered in time",
        none: NO_INCIDENTS,
      },
      { insight: "escalations", title: "Escalations", none: NO_INCIDENTS },
    ],
  },
  {
    name: "noise",
    title: "Noise",
    reports: [
      {
        insight: "noise",
        title: "Noisiest alerts",
        none: "No alert of an incident that is over. The alerts that report most often will stand here.",
      },
      {
        insight: "folding",
        title: "Noise folded",
        none: "No incident with alerts is over yet. Here you will see how many events became how few incidents.",
      },
    ],
  },
  {
    name: "people",
    title: "People",
    reports: [
      {
        insight: "people",
        title: "Interruptions",
        none: "Nobody was paged in these days.",
      },
      {
        insight: "on-call",
        title: "On-call hours",
        none: "Nobody was on call in these days. Hours come from the schedules.",
        note: "Of the chosen team's schedules, whatever service and urgency.",
      },
    ],
  },
  {
    name: "channels",
    title: "Channels",
    reports: [
      {
        insight: "channels",
        title: "Channels",
        none: "No message was sent in these days. How each channel does will stand here.",
      },
    ],
  },
];

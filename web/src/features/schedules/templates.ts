import { ALL_DAYS, newKey, type WeekHours, WORKDAYS } from "../../ui/week";
import { type Draft, newLayer } from "./draft";

interface Template {
  name: string;
  means: string;
  fill: (draft: Draft, now: number) => Partial<Draft>;
}

function hours(start: string, end: string, weekdays = ALL_DAYS): WeekHours[] {
  return [{ key: newKey(), weekdays, start, end }];
}

/** Where most rotas begin. They leave the people to whoever edits. */
export const TEMPLATES: readonly Template[] = [
  {
    name: "Weekly",
    means: "One person for a week, around the clock",
    fill: ({ time_zone }, now) => ({
      layers: [newLayer(time_zone, now, { name: "Primary" })],
    }),
  },
  {
    name: "Weekly, with a shadow",
    means: "The next person in the order is on call as well, as the second",
    fill: ({ time_zone }, now) => ({
      layers: [
        newLayer(time_zone, now, { name: "Primary and shadow", at_once: 2 }),
      ],
    }),
  },
  {
    name: "Follow the sun",
    means: "Three regions, eight hours each, everybody in daylight",
    // in UTC: the hours of three zones would drift apart when their clocks change
    fill: (_, now) => ({
      time_zone: "UTC",
      layers: (
        [
          ["Asia-Pacific", "00:00", "08:00"],
          ["Europe and Africa", "08:00", "16:00"],
          ["Americas", "16:00", "00:00"],
        ] as const
      ).map(([name, start, end]) =>
        newLayer("UTC", now, { name, time: start, hours: hours(start, end) }),
      ),
    }),
  },
  {
    name: "Business hours",
    means: "Monday to Friday, 9 to 17; nobody at night",
    fill: ({ time_zone }, now) => ({
      layers: [
        newLayer(time_zone, now, {
          name: "Business hours",
          hours: hours("09:00", "17:00", WORKDAYS),
        }),
      ],
    }),
  },
  {
    name: "Weekdays and weekends",
    means: "One person from Monday to Friday, another at the weekend",
    fill: ({ time_zone }, now) => ({
      layers: [
        newLayer(time_zone, now, {
          name: "Primary",
          unit: "day",
          lengths: "5, 2",
        }),
      ],
    }),
  },
];

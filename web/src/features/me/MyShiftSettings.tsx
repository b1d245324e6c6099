import { CalendarFeed } from "../../ui/CalendarFeed";
import { HandoffNotices } from "./HandoffNotices";
import { TimeOff } from "./TimeOff";

/** What goes with being on call: calendars, time off, notices of hand-offs. */
export function MyShiftSettings() {
  return (
    <>
      <CalendarFeed of={{ kind: "me" }}>
        Subscribe to your own shifts in all schedules, a year ahead, in Google
        Calendar, Outlook or Apple Calendar.
      </CalendarFeed>
      <TimeOff />
      <HandoffNotices />
    </>
  );
}

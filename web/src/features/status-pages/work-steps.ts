import type { WorkStatus } from "../../api/generated";

interface Step {
  to: WorkStatus;
  label: string;
}

/** What comes after each status, by hand; calling off is another matter. */
export const NEXT: Readonly<Record<WorkStatus, readonly Step[]>> = {
  scheduled: [{ to: "in_progress", label: "Begin now" }],
  in_progress: [
    { to: "completed", label: "Finish now" },
    { to: "verifying", label: "Verify" },
  ],
  verifying: [{ to: "completed", label: "Finish now" }],
  completed: [],
  cancelled: [],
};

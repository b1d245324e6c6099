import type { OnCall } from "../../api/generated";

/** By team and schedule; the schedules of `myTeams` (ids) come first. */
export function inOrder(
  all: readonly OnCall[],
  myTeams: readonly string[],
): OnCall[] {
  const others = ({ team }: OnCall) => (myTeams.includes(team.id) ? 0 : 1);
  return [...all].sort(
    (a, b) =>
      others(a) - others(b) ||
      a.team.name.localeCompare(b.team.name) ||
      a.schedule.name.localeCompare(b.schedule.name),
  );
}

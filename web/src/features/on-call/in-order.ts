import type { OnCall } from "../../api/generated";

/**
 * What needs somebody first: schedules in which there is a gap now. Then the schedules of
 * `myTeams` (ids), then the others, by team and schedule.
 */
export function inOrder(
  all: readonly OnCall[],
  myTeams: readonly string[],
): OnCall[] {
  const open = ({ gap }: OnCall) => (gap && !gap.intended ? 1 : 0);
  const others = ({ team }: OnCall) => (myTeams.includes(team.id) ? 0 : 1);
  return [...all].sort(
    (a, b) =>
      open(b) - open(a) ||
      others(a) - others(b) ||
      a.team.name.localeCompare(b.team.name) ||
      a.schedule.name.localeCompare(b.schedule.name),
  );
}

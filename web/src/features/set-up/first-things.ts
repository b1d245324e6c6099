import {
  createEscalationPolicy,
  createSchedule,
  createTeam,
  putMember,
} from "../../api/generated";

const STEP_S = 300;
const DAY_MS = 86_400_000;

/** A team whose admin is whoever makes it. */
export async function makeTeam(name: string, me: string) {
  const team = await createTeam({ body: { name } });
  await putMember({
    path: { team_id: team.id, user_id: me },
    body: { role: "team_admin" },
  });
  return team;
}

/** Weeks of one person, around the clock, until others join. */
export function makeSchedule(name: string, teamId: string, me: string) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return createSchedule({
    body: {
      name,
      team_id: teamId,
      time_zone: zone,
      layers: [
        {
          name: "Primary",
          unit: "week",
          lengths: [1],
          // since yesterday: on call at once, whatever the clocks say
          start_at: new Date(Date.now() - DAY_MS).toISOString(),
          user_ids: [me],
        },
      ],
    },
  });
}

/** Whoever is on call, twice; without a schedule, whoever makes it. */
export function makePolicy(
  name: string,
  teamId: string,
  scheduleId: string | undefined,
  me: string,
) {
  const target = scheduleId
    ? ({ kind: "schedule", id: scheduleId } as const)
    : ({ kind: "user", id: me } as const);
  return createEscalationPolicy({
    body: {
      name,
      team_id: teamId,
      repeats: 1,
      steps: [{ timeout_s: STEP_S, targets: [target] }],
    },
  });
}

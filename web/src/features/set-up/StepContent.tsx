import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import {
  createService,
  type IncidentOut,
  type Integration,
  type Notification,
  patchService,
} from "../../api/generated";
import { useMe } from "../../me";
import { TextLink } from "../../ui/links";
import { Connect } from "./Connect";
import { FirstPage } from "./FirstPage";
import { makePolicy, makeSchedule, makeTeam } from "./first-things";
import { NameForm, SkipButton } from "./NameForm";
import type { StepName } from "./steps";

interface Named {
  id: string;
  name: string;
}

export interface Has {
  schedule?: Named;
  policy?: Named;
  service?: Named & { escalation_policy: Named | null };
  integration?: Integration;
}

export interface StepProps {
  name: StepName;
  done: boolean;
  team: Named | undefined;
  has: Has;
  page: { incident: IncidentOut; told: Notification[] } | undefined;
  reach: ReactNode;
  onTeam: (id: string) => void;
  /** this step stays open, though it is done now */
  onStay: () => void;
  onGoOn: () => void;
}

/** What is to be done in a step, or what has been. */
export function StepContent(props: StepProps) {
  const { name, done, team, has, onGoOn } = props;
  if (name === "team") return <TeamStep {...props} />;
  if (name === "reach")
    return (
      <Stack gap="sm">
        {props.reach}
        <GoOn done={done} onGoOn={onGoOn} />
      </Stack>
    );
  if (!team) return <First what="team" />;
  if (name === "integration")
    return has.service ? (
      <Connect {...props} service={has.service} />
    ) : (
      <First what="service" />
    );
  if (name === "page")
    return has.service ? (
      <FirstPage
        integration={has.integration}
        service={has.service}
        page={props.page}
      />
    ) : (
      <First what="service" />
    );
  return <Named {...props} name={name} team={team} />;
}

function TeamStep({ team, onTeam, onGoOn }: StepProps) {
  const me = useMe();
  if (team)
    return (
      <Is name={team.name} to={`/team/teams/${team.id}`} onGoOn={onGoOn} />
    );
  return (
    <NameForm
      label="Name of the team"
      name=""
      action="Make the team"
      send={(name) => makeTeam(name, me.id)}
      stale={[["teams"], ["users"], ["me"]]}
      onMade={({ id }) => onTeam(id)}
    >
      <Text size="sm">
        Its people are paged, and its admins set up what it needs. You are the
        first of them.
      </Text>
    </NameForm>
  );
}

type NamedStep = StepProps & {
  name: "schedule" | "policy" | "service";
  team: Named;
};

/** What is made of a name: a schedule, a policy, a service. */
function Named({ name, team, has, onGoOn }: NamedStep) {
  const me = useMe();
  const made = has[name];
  if (name === "schedule")
    return made ? (
      <Is name={made.name} to={`/schedules/${made.id}`} onGoOn={onGoOn} />
    ) : (
      <NameForm
        label="Name of the schedule"
        name={`${team.name} on call`}
        action="Put me on call"
        send={(text) => makeSchedule(text, team.id, me.id)}
        stale={[["schedules"], ["on-call"]]}
        onMade={() => undefined}
        onSkip={onGoOn}
      >
        <Text size="sm">
          You are on call around the clock from now on. Add others afterwards:
          you then take turns, a week each.
        </Text>
      </NameForm>
    );
  if (name === "policy")
    return made ? (
      <Is name={made.name} to={`/policies/${made.id}`} onGoOn={onGoOn} />
    ) : (
      <NameForm
        label="Name of the policy"
        name={`${team.name}: whoever is on call`}
        action="Page whoever is on call"
        send={(text) => makePolicy(text, team.id, has.schedule?.id, me.id)}
        stale={[["policies"]]}
        onMade={() => undefined}
        onSkip={onGoOn}
      >
        <Text size="sm">
          {has.schedule
            ? `An alert pages whoever is on call in ${has.schedule.name}, and once more after five minutes if nobody acknowledges.`
            : "Nobody is on call in a schedule: an alert pages you, and once more after five minutes if you do not acknowledge."}
        </Text>
      </NameForm>
    );
  return <ServiceStep team={team} has={has} onGoOn={onGoOn} />;
}

function ServiceStep({
  team,
  has,
  onGoOn,
}: Pick<NamedStep, "team" | "has" | "onGoOn">) {
  const { service, policy } = has;
  if (service && (service.escalation_policy || !policy))
    return (
      <Stack gap="sm">
        {!service.escalation_policy && (
          <Text size="sm">
            It has no policy yet: when something is wrong, the platform admins
            are told. Come back here once you have said who is paged.
          </Text>
        )}
        <Is
          name={service.name}
          to={`/services/${service.id}`}
          onGoOn={onGoOn}
        />
      </Stack>
    );
  return (
    <NameForm
      label="Name of the service"
      name={service?.name ?? ""}
      action={service ? "Use the policy" : "Add the service"}
      send={(name) => {
        const escalation_policy_id = policy?.id ?? null;
        return service
          ? patchService({
              path: { service_id: service.id },
              body: { name, escalation_policy_id },
            })
          : createService({
              body: { name, team_id: team.id, escalation_policy_id },
            });
      }}
      stale={[["services"]]}
      onMade={() => undefined}
      onSkip={onGoOn}
    >
      <Text size="sm">
        A website, a database, a job: alerts belong to it.{" "}
        {policy
          ? `It uses ${policy.name} when something is wrong.`
          : "Without a policy the platform admins are told when something is wrong."}
      </Text>
    </NameForm>
  );
}

function Is({
  name,
  to,
  onGoOn,
}: {
  name: string;
  to: string;
  onGoOn: () => void;
}) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        There is{" "}
        <TextLink to={to} size="sm">
          {name}
        </TextLink>
        .
      </Text>
      <GoOn done onGoOn={onGoOn} />
    </Stack>
  );
}

/** To the next step, or past this one. */
export function GoOn({ done, onGoOn }: { done: boolean; onGoOn: () => void }) {
  return (
    <Group>
      {done ? (
        <Button onClick={onGoOn}>Go on</Button>
      ) : (
        <SkipButton onSkip={onGoOn} />
      )}
    </Group>
  );
}

function First({ what }: { what: string }) {
  return (
    <Text size="sm" c="dimmed">
      This needs a {what} first.
    </Text>
  );
}

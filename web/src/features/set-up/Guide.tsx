import { Paper, Text, UnstyledButton } from "@mantine/core";
import {
  IconCircle,
  IconCircleCheck,
  IconCircleMinus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { methodsQuery } from "../../api/channels";
import { useMe } from "../../me";
import { ErrorNotice } from "../../ui/ErrorNotice";
import { Lines } from "../../ui/Loaded";
import classes from "./Guide.module.css";
import { firstPageQuery, whatThereIsQuery } from "./queries";
import { StepContent } from "./StepContent";
import { nextStep, STEPS, type StepName } from "./steps";

const APP = "in_app";

interface Props {
  team: { id: string; name: string } | undefined;
  reach: ReactNode;
  onTeam: (id: string) => void;
}

/** The steps; what is done is ticked, and one of them is open. */
export function Guide({ team, reach, onTeam }: Props) {
  const me = useMe();
  const reached = useQuery(methodsQuery(me.id));
  const methods = reached.data;
  const whatThereIs = useQuery({
    ...whatThereIsQuery(team?.id ?? ""),
    enabled: team !== undefined,
  });
  const has = whatThereIs.data;
  const serviceId = has?.service?.id ?? "";
  const page = useQuery({
    ...firstPageQuery(serviceId),
    enabled: serviceId !== "",
  }).data;
  const [skipped, setSkipped] = useState<ReadonlySet<StepName>>(new Set());
  const [chosen, setChosen] = useState<StepName>();
  if (!methods || (team && !has)) {
    const error = reached.error ?? whatThereIs.error;
    if (!error) return <Lines />;
    const retry = () => {
      void reached.refetch();
      if (team) void whatThereIs.refetch();
    };
    return <ErrorNotice what="The steps" error={error} onRetry={retry} />;
  }
  const proven = methods.some(
    ({ channel, proven_at, disabled_at, unverified_since }) =>
      channel !== APP && proven_at && !disabled_at && !unverified_since,
  );
  const arrived = page?.told.some(({ status }) =>
    ["accepted", "delivered"].includes(status),
  );
  const flags: Record<StepName, unknown> = {
    team,
    reach: proven,
    schedule: has?.schedule,
    policy: has?.policy,
    // without a policy there is nothing more to do about it
    service: has?.service && (has.service.escalation_policy || !has.policy),
    integration: has?.integration,
    page: arrived,
  };
  const done = new Set(
    STEPS.map(({ name }) => name).filter((name) => flags[name]),
  );
  const open = chosen ?? nextStep(done, skipped);
  const goOn = (from: StepName) => {
    setSkipped(new Set([...skipped, from]));
    setChosen(undefined);
  };
  return (
    <ol className={classes.steps} aria-label="Steps">
      {STEPS.map(({ name, title }) => (
        <Paper key={name} withBorder component="li" className={classes.step}>
          <UnstyledButton
            className={classes.head}
            aria-expanded={name === open}
            onClick={() => setChosen(name)}
          >
            <Mark done={done.has(name)} skipped={skipped.has(name)} />
            <Text fw={600} c={name === open ? undefined : "dimmed"}>
              {title}
            </Text>
            {skipped.has(name) && !done.has(name) && (
              <Text size="sm" c="dimmed" className={classes.skipped}>
                skipped
              </Text>
            )}
          </UnstyledButton>
          {name === open && (
            <div className={classes.content}>
              <StepContent
                name={name}
                done={done.has(name)}
                team={team}
                has={has ?? {}}
                page={page ?? undefined}
                reach={reach}
                onTeam={onTeam}
                onStay={() => setChosen(name)}
                onGoOn={() => goOn(name)}
              />
            </div>
          )}
        </Paper>
      ))}
    </ol>
  );
}

function Mark({ done, skipped }: { done: boolean; skipped: boolean }) {
  if (done)
    return (
      <IconCircleCheck
        size={22}
        aria-label="done"
        color="var(--mantine-color-teal-text)"
      />
    );
  const Shown = skipped ? IconCircleMinus : IconCircle;
  return <Shown size={22} aria-hidden color="var(--mantine-color-dimmed)" />;
}

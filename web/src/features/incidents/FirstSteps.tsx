import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { ButtonLink } from "../../ui/links";
import classes from "./FirstSteps.module.css";
import { STEPS, type Step } from "./first-steps";

interface Props {
  done: ReadonlySet<Step["name"]>;
}

/** What is still missing until an alert pages somebody; one button, for the next of it. */
export default function FirstSteps({ done }: Props) {
  const next = STEPS.find(({ name }) => !done.has(name));
  return (
    <Paper withBorder p="md" maw={640} component="section">
      <Title order={2}>Four steps until the first page</Title>
      <ol className={classes.steps}>
        {STEPS.map((step) => (
          <li key={step.name} data-done={done.has(step.name) || undefined}>
            <Group gap="sm" wrap="nowrap" align="start">
              <Mark done={done.has(step.name)} />
              <Stack gap={4} align="start">
                {step === next ? (
                  <Text fw={600}>{step.title}</Text>
                ) : (
                  <Text c="dimmed">{step.title}</Text>
                )}
                {step === next && (
                  <>
                    <Text size="sm" c="dimmed">
                      {step.why}
                    </Text>
                    <ButtonLink
                      to={step.to}
                      params={step.params}
                      search={step.search}
                      mt={4}
                    >
                      {step.title}
                    </ButtonLink>
                  </>
                )}
              </Stack>
            </Group>
          </li>
        ))}
      </ol>
    </Paper>
  );
}

function Mark({ done }: { done: boolean }) {
  return done ? (
    <IconCircleCheck
      size={22}
      aria-label="done"
      color="var(--mantine-color-teal-text)"
    />
  ) : (
    <IconCircle size={22} aria-hidden color="var(--mantine-color-dimmed)" />
  );
}

import { Group, Paper, Stack, Text } from "@mantine/core";
import type { EscalationPolicy } from "../../api/generated";
import { exactly } from "../../ui/spans";
import { TargetPill } from "./TargetPill";
import { optionsOf } from "./words";

/** The steps of a policy with the minute at which each begins. */
export function Steps({ policy }: { policy: EscalationPolicy }) {
  let begins = 0;
  const steps = policy.steps.map((step, at) => {
    const shown = { ...step, at, begins };
    begins += step.timeout_s;
    return shown;
  });
  return (
    <Stack component="ol" gap="sm" m={0} p={0}>
      {steps.map((step) => (
        <Paper
          key={step.at}
          withBorder
          p="sm"
          component="li"
          aria-label={`Step ${step.at + 1}`}
          style={{ listStyle: "none" }}
        >
          <Stack gap="xs">
            <Group justify="space-between">
              <Text fw={600}>Step {step.at + 1}</Text>
              <Text size="sm" c="dimmed">
                {step.begins === 0
                  ? "at once"
                  : `after ${exactly(step.begins)}`}
              </Text>
            </Group>
            <Group gap="xs">
              {step.targets.map((target) => (
                <TargetPill
                  key={`${target.id} ${target.which}`}
                  target={target}
                />
              ))}
            </Group>
            {optionsOf(step).map((words) => (
              <Text key={words} size="sm">
                {words}
              </Text>
            ))}
            <Text size="sm" c="dimmed">
              then wait {exactly(step.timeout_s)}
            </Text>
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

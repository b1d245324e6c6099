import { Group, Progress, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Need, Service } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { isWhole, NEEDS, scoreInWords } from "./set-up";

/** How well a service is set up, and what to do next. */
export function SetUp({ service }: { service: Service }) {
  const { set_up: setUp } = service;
  const score = scoreInWords(setUp);
  if (score === null || isWhole(setUp)) return null;
  return (
    <Section
      title="Set-up"
      action={
        <Text size="sm" c="dimmed">
          {score} done
        </Text>
      }
    >
      <Progress
        value={(100 * setUp.done) / setUp.checks.length}
        aria-label={`Set up: ${score}`}
      />
      <Stack
        component="ul"
        gap={6}
        m={0}
        p={0}
        style={{ listStyle: "none" }}
        aria-label="What a service needs"
      >
        {setUp.checks.map(({ check, done }) => (
          <Group key={check} component="li" gap={8} wrap="nowrap" align="start">
            {done ? (
              <IconCircleCheck
                size={18}
                color="var(--mantine-color-teal-6)"
                aria-label="Done:"
                style={{ flex: "none" }}
              />
            ) : (
              <IconCircleDashed
                size={18}
                aria-label="Missing:"
                style={{ flex: "none" }}
              />
            )}
            <Text
              size="sm"
              c={done ? "dimmed" : undefined}
              fw={check === setUp.next ? 600 : undefined}
            >
              {done ? (
                NEEDS[check].done
              ) : (
                <ToDo check={check} service={service}>
                  {NEEDS[check].todo}
                </ToDo>
              )}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

interface ToDoProps {
  check: Need;
  service: Service;
  children: ReactNode;
}

/** Where that is done; what is done on this page needs no way there. */
function ToDo({ check, service, children }: ToDoProps) {
  const { team, escalation_policy: policy, id } = service;
  if (check === "owner" || check === "proven")
    return (
      <TextLink to="/team/teams/$teamId" params={{ teamId: team.id }} inherit>
        {children}
      </TextLink>
    );
  if (check === "policy" && policy)
    return (
      <TextLink
        to="/policies/$policyId"
        params={{ policyId: policy.id }}
        inherit
      >
        {children}
      </TextLink>
    );
  if (check === "integration")
    return (
      <TextLink
        to="/integrations"
        search={{ connect: "1", service_id: id }}
        inherit
      >
        {children}
      </TextLink>
    );
  return children;
}

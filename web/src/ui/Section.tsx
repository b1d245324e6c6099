import { Group, type MantineBreakpoint, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** a button at the right of the title */
  action?: ReactNode;
  children: ReactNode;
  hiddenFrom?: MantineBreakpoint;
  visibleFrom?: MantineBreakpoint;
}

/** A part of a page, under its title. */
export function Section({ title, action, children, ...shown }: Props) {
  return (
    <Stack component="section" gap="sm" aria-label={title} {...shown}>
      <Group justify="space-between" gap="xs">
        <Title order={2}>{title}</Title>
        {action}
      </Group>
      {children}
    </Stack>
  );
}

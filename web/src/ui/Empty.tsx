import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  icon: ReactNode;
  title: string;
  /** what to do next, in one or two sentences */
  children: ReactNode;
  /** one button */
  action?: ReactNode;
}

/** An empty screen that teaches the next step. */
export function Empty({ icon, title, children, action }: Props) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Text c="dimmed" component="span" aria-hidden>
        {icon}
      </Text>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" size="sm" maw={440}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}

import { type MantineBreakpoint, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  hiddenFrom?: MantineBreakpoint;
  visibleFrom?: MantineBreakpoint;
}

/** A part of a page, under its title. */
export function Section({ title, children, ...shown }: Props) {
  return (
    <Stack component="section" gap="sm" aria-label={title} {...shown}>
      <Title order={2}>{title}</Title>
      {children}
    </Stack>
  );
}

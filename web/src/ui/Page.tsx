import { Group, Stack, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTitle } from "./title";

interface Props {
  title: string;
  /** buttons at the right of the title */
  actions?: ReactNode;
  /** instead of the title and the actions */
  head?: ReactNode;
  children: ReactNode;
}

/** One screen: its title, its actions, its content. */
export function Page({ title, actions, head, children }: Props) {
  useDocumentTitle(useTitle(title));
  return (
    <Stack gap="md">
      {head ?? (
        <Group justify="space-between" gap="xs" mih={36}>
          <Title order={1}>{title}</Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      {children}
    </Stack>
  );
}

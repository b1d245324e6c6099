import { Group, Stack, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTitle } from "./title";

interface Props {
  title: string;
  /** buttons at the right of the title */
  actions?: ReactNode;
  children: ReactNode;
}

/** One screen: its title, its actions, its content. */
export function Page({ title, actions, children }: Props) {
  useDocumentTitle(useTitle(title));
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs" mih={36}>
        <Title order={1}>{title}</Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

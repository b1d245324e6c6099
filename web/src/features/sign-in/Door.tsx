import {
  Anchor,
  Center,
  Group,
  Paper,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface Props {
  children: ReactNode;
  /** below the box */
  below?: ReactNode;
  title?: string;
}

const SIGN_IN = "Sign in";

/** What stands around every way to sign in. */
export function Door({ children, below, title = SIGN_IN }: Props) {
  useDocumentTitle(`${title} · PageFree`);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={380} gap="md">
        <Group gap="sm" justify="center">
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <Title order={1}>PageFree</Title>
        </Group>
        <Paper withBorder p="lg" radius="lg">
          <Stack>{children}</Stack>
        </Paper>
        {below}
        <Text size="xs" c="dimmed" ta="center">
          {title === SIGN_IN &&
            "No account? Ask the person who runs this PageFree. "}
          <Anchor href="/api/docs" size="xs" underline="always">
            API
          </Anchor>
        </Text>
      </Stack>
    </Center>
  );
}

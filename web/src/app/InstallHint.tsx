import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { isApple, isInstalled, useInstall } from "../pwa/install";
import { ButtonLink } from "../ui/links";

/** Tells once, on a phone, that this can be an app; "Me" tells it for good. */
export function InstallHint() {
  const install = useInstall();
  const [dismissed, dismiss] = useLocalStorage({
    key: "pagefree install hint dismissed",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  if (dismissed || isInstalled() || !(install || isApple())) return null;
  return (
    <Paper withBorder px="sm" py={6} mb="sm" hiddenFrom="sm">
      <Group wrap="nowrap" gap="xs">
        <Text size="sm" flex={1}>
          Install PageFree to be paged here.
        </Text>
        {install ? (
          <Button size="compact-sm" onClick={install}>
            Install
          </Button>
        ) : (
          <ButtonLink size="compact-sm" to="/me">
            How
          </ButtonLink>
        )}
        <CloseButton aria-label="Not now" onClick={() => dismiss(true)} />
      </Group>
    </Paper>
  );
}

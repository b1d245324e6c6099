import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import {
  CAN_VIBRATE,
  type DeviceSettings,
  playTone,
  useDeviceSettings,
  vibrate,
} from "../../pwa/device-settings";
import { isApple, isInstalled, useInstall } from "../../pwa/install";
import { Section } from "../../ui/Section";
import { PushHere } from "./PushHere";

/** What holds on this device only: the installed app, sound, vibration. */
export function ThisDevice() {
  const [settings, set] = useDeviceSettings();
  const change = (part: Partial<DeviceSettings>) =>
    set({ ...settings, ...part });
  return (
    <Section title="On this device">
      <Stack gap="sm">
        <PushHere />
        <Install />
        <Group gap="md">
          <Switch
            label="A tone when I am paged"
            description="While PageFree is open"
            checked={settings.sound}
            onChange={({ currentTarget: { checked } }) => {
              change({ sound: checked });
              // also what lets the browser play it later: somebody has touched the page
              if (checked) void playTone();
            }}
          />
          {settings.sound && (
            <Button variant="default" size="xs" onClick={() => void playTone()}>
              Hear it
            </Button>
          )}
        </Group>
        {CAN_VIBRATE && (
          <Switch
            label="Vibrate"
            description="When I am paged, and when I have swiped far enough"
            checked={settings.haptics}
            onChange={({ currentTarget: { checked } }) => {
              change({ haptics: checked });
              if (checked) vibrate(40);
            }}
          />
        )}
      </Stack>
    </Section>
  );
}

function Install() {
  const install = useInstall();
  if (isInstalled()) return null;
  if (install)
    return (
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={install}
        >
          Install the app
        </Button>
        <Text size="sm" c="dimmed">
          An icon of its own, a whole screen, and it opens without a network.
        </Text>
      </Group>
    );
  if (!isApple()) return null;
  return (
    <Text size="sm">
      To install the app, press Share in Safari, then “Add to Home Screen”. Only
      the installed app can notify you on an iPhone or iPad.
    </Text>
  );
}

import { ActionIcon, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;
const LOOK = {
  auto: { icon: IconDeviceDesktop, title: "Colours: as the system" },
  light: { icon: IconSun, title: "Colours: light" },
  dark: { icon: IconMoon, title: "Colours: dark" },
};

/** System, light, dark, in turn. */
export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { icon: Mark, title } = LOOK[colorScheme];
  return (
    <Tooltip label={title}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={title}
        onClick={() => setColorScheme(NEXT[colorScheme])}
      >
        <Mark size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

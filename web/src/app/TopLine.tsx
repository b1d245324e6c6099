import { ActionIcon, Button, Group, Kbd, Text, Tooltip } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconHeadset, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { TextLink } from "../ui/links";
import { useNow } from "../ui/now";
import { clockTime, exact, relative } from "../ui/time";
import { ConnectionState } from "./ConnectionState";
import { myOnCallQuery } from "./queries";

/** How fresh the screen is, whether one is on call, and the way to everything. */
export function TopLine() {
  return (
    <Group
      h="100%"
      px={{ base: "sm", sm: "md" }}
      justify="space-between"
      wrap="nowrap"
    >
      <Group gap="xs" wrap="nowrap" style={{ overflow: "hidden" }}>
        <img src="/favicon.svg" alt="" width={22} height={22} />
        <Text fw={600} visibleFrom="sm" mr="sm">
          PageFree
        </Text>
        <OnCallLine />
      </Group>
      <Group gap="xs" wrap="nowrap">
        <ConnectionState />
        <Button
          visibleFrom="sm"
          variant="default"
          size="xs"
          c="dimmed"
          leftSection={<IconSearch size={14} />}
          rightSection={<Kbd size="xs">{MOD}K</Kbd>}
          onClick={spotlight.open}
        >
          Go to…
        </Button>
        <ActionIcon
          hiddenFrom="sm"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Go to…"
          onClick={spotlight.open}
        >
          <IconSearch size={20} />
        </ActionIcon>
      </Group>
    </Group>
  );
}

const MOD = navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl ";

function OnCallLine() {
  const now = useNow(60);
  const { data } = useQuery(myOnCallQuery);
  const shift = data?.find((each) => Date.parse(each.end) > now);
  if (!shift) return null;
  const current = Date.parse(shift.start) <= now;
  const detail = `${shift.schedule.name}: ${exact(shift.start)} to ${exact(shift.end)}`;
  return (
    <Tooltip label={detail} multiline maw={300}>
      <TextLink
        to="/on-call"
        size="sm"
        c={current ? undefined : "dimmed"}
        fw={current ? 600 : undefined}
        truncate
      >
        <Group component="span" gap={6} wrap="nowrap">
          <IconHeadset size={16} aria-hidden style={{ flex: "none" }} />
          {current ? (
            <>
              <Text span inherit visibleFrom="sm">
                You are on call until {clockTime(shift.end, now)}
              </Text>
              <Text span fw={600} size="xs" truncate hiddenFrom="sm">
                On call until {clockTime(shift.end, now)}
              </Text>
            </>
          ) : (
            `On call ${relative(shift.start, now)}`
          )}
        </Group>
      </TextLink>
    </Tooltip>
  );
}

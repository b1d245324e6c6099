import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  SegmentedControl,
  Text,
} from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { HERE } from "../../ui/wall";
import classes from "./Toolbar.module.css";
import type { useView } from "./use-view";
import { moved, titleOf } from "./window";
import { zoneName } from "./words";

interface Props {
  state: ReturnType<typeof useView>;
  /** the schedule's */
  zone: string;
}

const SIZES = [
  { value: "day", label: "Day" },
  { value: "fortnight", label: "2 weeks" },
  { value: "month", label: "Month" },
  { value: "quarter", label: "Quarter" },
];

const VIEWS = [
  { value: "timeline", label: "Timeline" },
  { value: "calendar", label: "Calendar" },
  { value: "list", label: "List" },
];

/** What is shown, and the way to something else. */
export function Toolbar({ state, zone }: Props) {
  const { view, zoom, date, window, current, show } = state;
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs" wrap="nowrap">
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="default"
            size={32}
            aria-label="Earlier"
            onClick={() => show({ at: moved(zoom, date, -1) })}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <Button
            size="xs"
            h={32}
            variant="default"
            disabled={current}
            onClick={() => show({ at: "" })}
          >
            Today
          </Button>
          <ActionIcon
            variant="default"
            size={32}
            aria-label="Later"
            onClick={() => show({ at: moved(zoom, date, 1) })}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </Group>
        <Text fw={600} size="sm" aria-live="polite">
          {titleOf(zoom, window)}
        </Text>
      </Group>
      <Group gap="xs" className={classes.choices}>
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={view}
          onChange={(value) => show({ view: value })}
          data={VIEWS}
        />
        {view !== "calendar" && (
          <SegmentedControl
            size="xs"
            aria-label="How much"
            value={zoom}
            onChange={(value) => show({ zoom: value })}
            data={SIZES}
          />
        )}
      </Group>
      <Text size="xs" c="dimmed" w="100%">
        Times of {zoneName(state.zone)}
        {zone !== HERE && (
          <>
            {" · "}
            <Anchor
              component="button"
              type="button"
              size="xs"
              onClick={() =>
                show({ zone: state.zone === HERE ? "schedule" : "" })
              }
            >
              Show those of {state.zone === HERE ? zone : HERE}
            </Anchor>
          </>
        )}
      </Text>
    </Group>
  );
}

import {
  ActionIcon,
  Button,
  Group,
  Paper,
  Text,
  Transition,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconCheck, IconHandStop, IconX } from "@tabler/icons-react";
import type { IncidentOut as Incident } from "../../api/generated";
import classes from "./BulkBar.module.css";
import { useBulk } from "./use-bulk";

interface Props {
  /** those that are selected */
  incidents: Incident[];
  onDone: () => void;
}

/** Slides in while something is selected. */
export function BulkBar({ incidents, onDone }: Props) {
  const { mutate, isPending } = useBulk(onDone);
  useHotkeys([["Escape", onDone]]);
  return (
    <Transition
      mounted={incidents.length > 0}
      transition="slide-up"
      duration={120}
    >
      {(style) => (
        <div className={classes.place} style={style}>
          <Paper
            withBorder
            shadow="md"
            className={classes.bar}
            role="toolbar"
            aria-label="Selected incidents"
          >
            <Group gap="xs" wrap="nowrap">
              <Text size="sm" fw={600} style={{ whiteSpace: "nowrap" }}>
                {incidents.length} selected
              </Text>
              <Button
                size="sm"
                leftSection={<IconHandStop size={16} />}
                disabled={isPending}
                onClick={() => mutate({ verb: "acknowledge", incidents })}
              >
                Acknowledge
              </Button>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconCheck size={16} />}
                disabled={isPending}
                onClick={() => mutate({ verb: "resolve", incidents })}
              >
                Resolve
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label="Select nothing"
                onClick={onDone}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          </Paper>
        </div>
      )}
    </Transition>
  );
}

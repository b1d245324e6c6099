import {
  ActionIcon,
  Button,
  Group,
  Paper,
  Text,
  Transition,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { IconCheck, IconHandStop, IconX } from "@tabler/icons-react";
import type { IncidentOut as Incident } from "../../api/generated";
import classes from "./BulkBar.module.css";
import { UNDO_LIMIT, useBulk } from "./use-bulk";

interface Props {
  /** those that are selected */
  incidents: Incident[];
  onDone: () => void;
}

const EFFECT = {
  acknowledge: "They are yours then, and nobody else is paged for them.",
  resolve: "They are over then, and nobody is paged for them any more.",
};

/** Slides in while something is selected. */
export function BulkBar({ incidents, onDone }: Props) {
  const { mutate, isPending } = useBulk(onDone);
  useHotkeys([["Escape", onDone]]);
  const change = (verb: keyof typeof EFFECT) => {
    const go = () => mutate({ verb, incidents });
    if (incidents.length <= UNDO_LIMIT) return go();
    const title = `${verb === "resolve" ? "Resolve" : "Acknowledge"} ${incidents.length} incidents`;
    modals.openConfirmModal({
      title,
      children: (
        <Text size="sm">{EFFECT[verb]} There is no undo for so many.</Text>
      ),
      labels: { confirm: title, cancel: "Cancel" },
      onConfirm: go,
    });
  };
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
              <Text
                size="sm"
                fw={600}
                style={{ whiteSpace: "nowrap" }}
                visibleFrom="sm"
              >
                {incidents.length} selected
              </Text>
              <Button
                size="sm"
                leftSection={<IconHandStop size={16} />}
                disabled={isPending}
                onClick={() => change("acknowledge")}
              >
                Acknowledge
              </Button>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconCheck size={16} />}
                disabled={isPending}
                onClick={() => change("resolve")}
              >
                Resolve
              </Button>
              <ActionIcon
                visibleFrom="sm"
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

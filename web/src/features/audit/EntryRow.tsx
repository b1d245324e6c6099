import {
  Button,
  Collapse,
  Group,
  Stack,
  Table,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconArrowBackUp, IconChevronDown } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type AuditEntry, undoAuditEntry } from "../../api/generated";
import { At } from "../../ui/Ago";
import { Problem } from "../../ui/Problem";
import { Row } from "../../ui/Rows";
import classes from "./EntryRow.module.css";
import { useSaid } from "./use-said";
import { actorOf, deedOf, differencesOf, restOf } from "./words";

type Narrow = (change: Record<string, string>) => void;

/** Who did what; pressed, it says from where, and shows what was before and after. */
export function EntryRow({
  entry,
  narrow,
}: {
  entry: AuditEntry;
  narrow: Narrow;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Row
      main={
        <Stack gap="xs">
          <UnstyledButton
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className={classes.summary}
          >
            <IconChevronDown
              size={16}
              className={classes.chevron}
              data-open={open || undefined}
              aria-hidden
            />
            <Text span size="sm" style={{ overflowWrap: "anywhere" }}>
              <Text span fw={600} size="sm">
                {actorOf(entry)}
              </Text>{" "}
              {deedOf(entry)}
            </Text>
          </UnstyledButton>
          <Collapse expanded={open}>
            {open && <Details entry={entry} narrow={narrow} />}
          </Collapse>
        </Stack>
      }
      side={
        <Text size="sm" c="dimmed">
          <At at={entry.at} />
        </Text>
      }
    />
  );
}

function Details({ entry, narrow }: { entry: AuditEntry; narrow: Narrow }) {
  const differences = differencesOf(entry, useSaid(entry));
  const rest = restOf(entry);
  return (
    <Stack gap="xs" pb="xs">
      {differences.length > 0 && (
        <Table layout="fixed" withTableBorder className={classes.diff}>
          <Table.Tbody>
            {differences.map(({ column, before, after }) => (
              <Table.Tr key={column}>
                <Table.Th className={classes.column}>
                  {column.replaceAll("_", " ")}
                </Table.Th>
                <Table.Td>
                  {before !== null && <del>{before}</del>}
                  {before !== null && after !== null && " "}
                  {after !== null && <ins>{after}</ins>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {Object.keys(rest).length > 0 && (
        <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {JSON.stringify(rest)}
        </Text>
      )}
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {whence(entry)}
      </Text>
      <Group gap="xs">
        {entry.actor_id && (
          <Only narrow={narrow} change={{ actor_id: entry.actor_id }}>
            All by {entry.actor_name}
          </Only>
        )}
        {entry.object_id && (
          <Only narrow={narrow} change={{ object_id: entry.object_id }}>
            All of this object
          </Only>
        )}
        {entry.request_id && (
          <Only narrow={narrow} change={{ request_id: entry.request_id }}>
            Same request
          </Only>
        )}
        {entry.can_undo && <Undo entry={entry} />}
      </Group>
    </Stack>
  );
}

function Only({
  narrow,
  change,
  children,
}: {
  narrow: Narrow;
  change: Record<string, string>;
  children: React.ReactNode;
}) {
  return (
    <Button size="compact-xs" variant="default" onClick={() => narrow(change)}>
      {children}
    </Button>
  );
}

function Undo({ entry }: { entry: AuditEntry }) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    meta: { showsErrors: true },
    mutationFn: () => undoAuditEntry({ path: { entry_id: entry.id } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["audit"] }),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: "Undo this change?",
      children: (
        <Text size="sm">
          What was before is set again, unless it has been changed since.
        </Text>
      ),
      labels: { confirm: "Undo it", cancel: "Leave it" },
      onConfirm: () => mutate(),
    });
  return (
    <>
      <Button
        size="compact-xs"
        variant="light"
        leftSection={<IconArrowBackUp size={14} />}
        loading={isPending}
        onClick={confirm}
      >
        Undo
      </Button>
      <Problem text={error?.message} />
    </>
  );
}

function whence(entry: AuditEntry): string {
  const credential = entry.credential_kind?.replaceAll("_", " ");
  return [
    entry.route,
    entry.address && `from ${entry.address}`,
    credential && `by ${credential === "api key" ? "an API key" : "a session"}`,
    entry.seq ? `sealed as entry ${entry.seq}` : "not sealed yet",
  ]
    .filter(Boolean)
    .join(" · ");
}

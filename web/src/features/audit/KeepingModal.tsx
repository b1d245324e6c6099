import {
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type AuditState,
  deleteAuditStream,
  putAuditRetention,
  putAuditStream,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { Problem } from "../../ui/Problem";
import { auditStateQuery } from "./queries";

type To = "nowhere" | "webhook" | "syslog";

interface Wanted {
  days: number | null;
  to: To;
  address: string;
}

/** How long entries are kept, and where each goes besides. */
export function KeepingModal({
  state,
  onClose,
}: {
  state: AuditState;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const [wanted, setWanted] = useState<Wanted>({
    days: state.retention_days,
    to: state.stream?.kind ?? "nowhere",
    address: "",
  });
  const { mutate, data, isPending, error } = useMutation({
    meta: { showsErrors: true },
    mutationFn: () => save(state, wanted),
    onSuccess: ({ secret }) => {
      if (!secret) onClose();
    },
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: auditStateQuery.queryKey }),
  });
  const change = (part: Partial<Wanted>) => setWanted({ ...wanted, ...part });
  return (
    <Modal opened onClose={onClose} title="Keeping and streaming">
      {data?.secret ? (
        <Stack>
          <Text size="sm">
            What is sent is signed with this secret. It is shown only now.
          </Text>
          <CopyField label="Signing secret" value={data.secret} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <NumberInput
            label="Days to keep entries"
            description="Empty: for ever. Older ones are cut off, and the rest still verifies."
            min={30}
            max={3660}
            value={wanted.days ?? ""}
            onChange={(days) =>
              change({ days: typeof days === "number" ? days : null })
            }
          />
          <SegmentedControl
            aria-label="Stream to"
            data={[
              { value: "nowhere", label: "No stream" },
              { value: "webhook", label: "Webhook" },
              { value: "syslog", label: "Syslog" },
            ]}
            value={wanted.to}
            onChange={(to) =>
              change({
                to: to === "webhook" || to === "syslog" ? to : "nowhere",
              })
            }
          />
          {wanted.to !== "nowhere" && (
            <TextInput
              label="Address"
              description={
                wanted.to === "webhook"
                  ? "https://…"
                  : "tls://, tcp:// or udp://, host and port"
              }
              placeholder={state.stream?.host ?? ""}
              value={wanted.address}
              onChange={(event) =>
                change({ address: event.currentTarget.value })
              }
            />
          )}
          <Problem text={error?.message} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={isPending} onClick={() => mutate()}>
              Save
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

async function save(
  state: AuditState,
  { days, to, address }: Wanted,
): Promise<{ secret: string | null }> {
  if (days !== state.retention_days)
    await putAuditRetention({ body: { days } });
  if (to === "nowhere") {
    if (state.stream) await deleteAuditStream();
    return { secret: null };
  }
  if (!address && to === state.stream?.kind) return { secret: null };
  return putAuditStream({ body: { kind: to, address } });
}

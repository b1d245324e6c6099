import { Button, Group, NumberInput, Text, TextInput } from "@mantine/core";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  putRunbookSettings,
  type RunbookSettingsOut,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";

/** For platform admins: stop everything, and how long approvals hold. */
export function KillSwitch({ kept }: { kept: RunbookSettingsOut }) {
  const queryClient = useQueryClient();
  const [days, setDays] = useState(kept.approval_days);
  const [reason, setReason] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: { approval_days: number; reason: string | null }) =>
      putRunbookSettings({
        body: {
          approval_days: body.approval_days,
          stopped_reason: body.reason,
        },
      }),
    meta: { showsErrors: true },
    onSuccess: () => {
      setReason("");
      toastDone("Saved");
      return queryClient.invalidateQueries({ queryKey: ["runbooks"] });
    },
  });
  const { approval_days, stopped_reason } = kept;
  return (
    <>
      <Section title="Kill switch">
        <Text size="sm" c="dimmed">
          Stops every runbook of this installation, also what is queued already.
          What runs now goes on: cancel it under Runs.
        </Text>
        {kept.stopped_at ? (
          <Group>
            <Button
              variant="default"
              leftSection={<IconPlayerPlay size={16} />}
              loading={isPending}
              onClick={() => mutate({ approval_days, reason: null })}
            >
              Let runbooks go again
            </Button>
          </Group>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              mutate({ approval_days, reason: reason.trim() });
            }}
          >
            <Group align="end">
              <TextInput
                label="Why"
                description="Shown to whoever wants to run something"
                maxLength={200}
                required
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                style={{ flex: "1 1 16rem", maxWidth: 480 }}
              />
              <Button
                type="submit"
                color="red.8"
                leftSection={<IconHandStop size={16} />}
                loading={isPending}
                disabled={reason.trim() === ""}
              >
                Stop all runbooks
              </Button>
            </Group>
          </form>
        )}
        <Problem text={error?.message} />
      </Section>
      <Section title="How long an approval holds">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            mutate({ approval_days: days, reason: stopped_reason });
          }}
        >
          <Group align="end">
            <NumberInput
              label="Days"
              description="For approvals that are given from now on"
              min={1}
              max={730}
              allowDecimal={false}
              value={days}
              onChange={(next) => setDays(Number(next) || 1)}
            />
            <Button
              type="submit"
              variant="default"
              loading={isPending}
              disabled={days === approval_days}
            >
              Save
            </Button>
          </Group>
        </form>
      </Section>
    </>
  );
}

import { Button, Select, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHammer } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  askForRunbookEmergency,
  type RunbookDetail,
  type VersionOut,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { openIncidentsQuery } from "./queries";

interface Props {
  runbook: RunbookDetail;
  version: VersionOut;
}

/** Ask for a version that nobody has approved to be let run at once, for one incident. */
export function BreakGlass({ runbook, version }: Props) {
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const [incident, setIncident] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const incidents = useQuery({ ...openIncidentsQuery, enabled: asking }).data;
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () =>
      withStepUp(() =>
        askForRunbookEmergency({
          path: { runbook_id: runbook.id, number: version.number },
          body: {
            content_hash: version.content_hash,
            incident_id: incident ?? "",
            reason: reason.trim(),
          },
        }),
      ),
    meta: { showsErrors: true },
    onSuccess: () => {
      toastDone("Asked: somebody else has to confirm it within 15 minutes");
      leave();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["runbooks"] }),
  });
  const leave = () => {
    reset();
    close();
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconHammer size={16} />}
        onClick={open}
      >
        Break glass…
      </Button>
      <FormModal
        opened={asking}
        onClose={leave}
        title={`Run version ${version.number} without an approval`}
        action="Ask a second person"
        dangerous
        disabled={!incident || !reason.trim()}
        busy={isPending}
        problem={error?.message}
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Text size="sm">
          For when it cannot wait. Once somebody else has confirmed it, people
          can run exactly this content for one hour, for this incident only. Its
          owners are told at once, it stands in the timeline and in the audit,
          and somebody has to look back at it.
        </Text>
        <Select
          label="For which incident"
          required
          searchable
          placeholder="Choose an open one"
          nothingFoundMessage="No open incident is called that"
          data={incidents ?? []}
          value={incident}
          onChange={setIncident}
        />
        <Textarea
          label="Why it cannot wait"
          required
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </FormModal>
    </>
  );
}

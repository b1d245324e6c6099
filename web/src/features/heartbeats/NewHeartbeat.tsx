import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createHeartbeat, type NewHeartbeatOut } from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { FormModal } from "../../ui/FormModal";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { useSave } from "../../ui/use-save";
import { bodyOf, type Draft, newDraft, VALIDATE } from "./draft";
import { Fields } from "./Fields";

/** Add a heartbeat; then its page says what to paste where. */
export function NewHeartbeat({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [made, setMade] = useState<NewHeartbeatOut>();
  const form = useForm<Draft>({
    initialValues: newDraft(),
    validate: VALIDATE,
  });
  const show = ({ id }: { id: string }) => {
    onClose();
    return navigate({
      to: "/heartbeats/$heartbeatId",
      params: { heartbeatId: id },
    });
  };
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) => createHeartbeat({ body: bodyOf(draft) }),
    stale: [["heartbeats"], ["services"], ["integrations"]],
    onSaved: (heartbeat) => {
      if (!heartbeat.ping_key) return show(heartbeat);
      setMade(heartbeat);
    },
  });
  if (made?.ping_key)
    return (
      <Modal
        opened
        onClose={() => void show(made)}
        title={`The ping key of ${made.service.name}`}
      >
        <Stack>
          <Text size="sm">
            {made.name} is the first heartbeat of this service. With the key
            jobs can also ping by name:{" "}
            <code>/ping/&lt;key&gt;/{made.slug}</code>. Keep it now if you want
            to: it is shown this once.
          </Text>
          <CopyField label="the ping key" value={made.ping_key} />
          <Group justify="end">
            <Button data-autofocus onClick={() => void show(made)}>
              Go on to the set-up
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <FormModal
      opened
      onClose={onClose}
      title="New heartbeat"
      action="Add the heartbeat"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((draft) => save(draft))}
    >
      <ServiceSelect
        label="Service"
        description="Whose policy pages when it is down"
        placeholder="Find a service"
        mine
        withAsterisk
        value={form.values.service_id}
        error={form.errors.service_id}
        onChange={(id) => form.setFieldValue("service_id", id)}
      />
      <Fields form={form} />
    </FormModal>
  );
}

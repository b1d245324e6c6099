import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { createStatusPageToken, type StatusPage } from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";

interface Props {
  page: StatusPage;
  onClose: () => void;
}

/** A token for somebody; its secret is shown this once. */
export function NewToken({ page, onClose }: Props) {
  const [secret, setSecret] = useState<string>();
  const form = useForm({
    initialValues: { name: "", expires_at: "" },
    validate: { name: (name) => (name.trim() ? null : "Say who gets it") },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name, expires_at }) =>
      createStatusPageToken({
        path: { page_id: page.id },
        body: { name: name.trim(), expires_at: instantTyped(expires_at) },
      }),
    stale: [["status-pages"]],
    onSaved: (made) => setSecret(made.secret),
  });
  if (secret)
    return (
      <Modal opened onClose={onClose} title={`Token for ${form.values.name}`}>
        <Stack>
          <Text size="sm">Copy it now: it is not shown again.</Text>
          <CopyField label="the token" value={secret} />
          <Group justify="end">
            <Button onClick={onClose}>I have it</Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <FormModal
      opened
      onClose={onClose}
      title="New token"
      action="Make the token"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="For whom"
        placeholder="Example Bank"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        description="Empty: until it is revoked"
        {...form.getInputProps("expires_at")}
      />
    </FormModal>
  );
}

import { Button, Group, Select, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { patchSigning, type SigningScheme } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { signingQuery } from "./queries";

const ENCODINGS = ["hex", "base64"] as const;
const ALGORITHMS = ["sha256", "sha512", "sha1"] as const;

interface Props {
  integrationId: string;
  known: SigningScheme | null;
  onClose: () => void;
}

/** Describe a keyed hash (HMAC) that PageFree does not know by name. */
export function OwnScheme({ integrationId, known, onClose }: Props) {
  const queryClient = useQueryClient();
  const path = { integration_id: integrationId };
  const stale = signingQuery(integrationId).queryKey;
  const form = useForm({
    initialValues: {
      header: known?.header ?? "",
      message: known?.message ?? "{body}",
      prefix: known?.prefix ?? "",
      encoding: known?.encoding ?? "hex",
      algorithm: known?.algorithm ?? "sha256",
      timestamp_header: known?.timestamp_header ?? "",
      id_header: known?.id_header ?? "",
      base64_secret: known?.base64_secret ?? false,
    },
    validate: {
      header: (header) => (header.trim() ? null : "Say which header"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (own_scheme) => patchSigning({ path, body: { own_scheme } }),
    stale: [stale],
    onSaved: () => {
      toastDone("Signatures are verified like this from now on");
      onClose();
    },
  });
  const forget = useMutation({
    mutationFn: () => patchSigning({ path, body: { own_scheme: null } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: stale });
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="How the requests are signed"
      action="Verify like this"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Text size="sm" c="dimmed">
        For senders that sign with a keyed hash (HMAC) of what they send. Their
        documentation names these parts.
      </Text>
      <TextInput
        label="Header of the signature"
        placeholder="X-Signature"
        withAsterisk
        data-autofocus
        {...form.getInputProps("header")}
      />
      <TextInput
        label="What is signed"
        description="{body}, {timestamp} and {id} stand for what was sent; anything else for itself"
        placeholder="{timestamp}.{body}"
        {...form.getInputProps("message")}
      />
      <Group grow align="start">
        <Select
          label="Hash"
          data={ALGORITHMS}
          allowDeselect={false}
          {...form.getInputProps("algorithm")}
        />
        <Select
          label="Written as"
          data={ENCODINGS}
          allowDeselect={false}
          {...form.getInputProps("encoding")}
        />
        <TextInput
          label="Prefix"
          placeholder="sha256="
          {...form.getInputProps("prefix")}
        />
      </Group>
      <Group grow align="end">
        <TextInput
          label="Header of the time"
          description="Only if it is signed: 5 minutes off are refused"
          {...form.getInputProps("timestamp_header")}
        />
        <TextInput
          label="Header of the id"
          description="Only if it is signed"
          {...form.getInputProps("id_header")}
        />
      </Group>
      <Switch
        label="The secret is base64 of the key"
        {...form.getInputProps("base64_secret", { type: "checkbox" })}
      />
      {known && (
        <Group>
          <Button
            variant="default"
            size="xs"
            loading={forget.isPending}
            onClick={() => forget.mutate()}
          >
            Forget this description
          </Button>
        </Group>
      )}
    </FormModal>
  );
}

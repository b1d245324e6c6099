import {
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createApiKey, type Scope } from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { withStepUp } from "../../ui/step-up";
import { apiKeysQuery } from "./queries";

const DAY_MS = 86_400_000;

const SCOPES: { value: Scope; label: string; description: string }[] = [
  { value: "read", label: "Read", description: "See what you see" },
  {
    value: "write",
    label: "Write",
    description: "Act on incidents: acknowledge, resolve, note",
  },
  {
    value: "admin",
    label: "Admin",
    description: "Change services, schedules, policies and people",
  },
];

const LASTS = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];

interface Form {
  name: string;
  scopes: Scope[];
  days: string;
  networks: string[];
}

/** The key itself is shown once. */
export function NewApiKeyModal({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm<Form>({
    initialValues: { name: "", scopes: ["read"], days: "90", networks: [] },
  });
  const { mutate, isPending, data } = useMutation({
    mutationFn: ({ name, scopes, days, networks }: Form) =>
      withStepUp(() =>
        createApiKey({
          body: {
            name,
            scopes,
            networks,
            expires_at: days
              ? new Date(Date.now() + Number(days) * DAY_MS).toISOString()
              : null,
          },
        }),
      ),
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  const toggle = (scope: Scope) => {
    const { scopes } = form.values;
    form.setFieldValue(
      "scopes",
      scopes.includes(scope)
        ? scopes.filter((each) => each !== scope)
        : [...scopes, scope],
    );
  };
  if (data)
    return (
      <Modal opened onClose={onClose} title={`API key ${data.name}`}>
        <Stack>
          <Text size="sm">
            It is shown only now. Copy it to where it is used.
          </Text>
          <CopyField label="the API key" value={data.token} />
          <Group justify="end">
            <Button onClick={onClose}>I have copied it</Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title="Make an API key">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack>
          <TextInput
            label="Name"
            placeholder="What uses it"
            required
            maxLength={200}
            data-autofocus
            {...form.getInputProps("name")}
          />
          {SCOPES.map(({ value, label, description }) => (
            <Checkbox
              key={value}
              label={label}
              description={description}
              checked={form.values.scopes.includes(value)}
              onChange={() => toggle(value)}
            />
          ))}
          <Select
            label="Lasts"
            allowDeselect={false}
            data={LASTS}
            {...form.getInputProps("days")}
          />
          <TagsInput
            label="Only from"
            description="Addresses or networks, e.g. 192.0.2.0/24. Empty: from everywhere."
            {...form.getInputProps("networks")}
          />
          <Group justify="end">
            <Button
              type="submit"
              loading={isPending}
              disabled={form.values.scopes.length === 0}
            >
              Make the key
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

import {
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createService, patchService, type Service } from "../../api/generated";
import { policiesQuery, serviceTagsQuery } from "../../api/queries";
import { FormModal } from "../../ui/FormModal";
import { TIER_CHOICES } from "../../ui/service-states";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import { STALE } from "./queries";

interface Values {
  name: string;
  team_id: string;
  description: string;
  escalation_policy_id: string | null;
  kind: Service["kind"];
  tags: string[];
  tier: string | null;
  runbook_url: string;
}

const KIND_CHOICES = [
  { value: "technical", label: "Technical" },
  { value: "business", label: "Business" },
];
const KIND_MEANS = {
  technical: "Something that runs: tools report about it.",
  business:
    "Something people buy or use: it is as badly off as the worst of what it depends on, and no tool reports about it.",
} as const;

interface Props {
  /** the one to change; none: a new one */
  service?: Service;
  opened: boolean;
  onClose: () => void;
  onSaved: (service: Service) => unknown;
}

/** Add a service, or change one. */
export function ServiceForm({ service, opened, onClose, onSaved }: Props) {
  const teams = useEditableTeams();
  const policies = useQuery({ ...policiesQuery, enabled: opened }).data;
  const tags = useQuery({ ...serviceTagsQuery, enabled: opened }).data;
  const form = useForm<Values>({
    initialValues: {
      name: service?.name ?? "",
      team_id: service?.team.id ?? teams[0]?.id ?? "",
      description: service?.description ?? "",
      escalation_policy_id: service?.escalation_policy?.id ?? null,
      kind: service?.kind ?? "technical",
      tags: service?.tags ?? [],
      tier: service?.tier ? String(service.tier) : null,
      runbook_url: service?.runbook_url ?? "",
    },
    validate: {
      name: (name) => (name.trim() ? null : "A service needs a name"),
      team_id: (id) => (id ? null : "Choose the team that owns it"),
      runbook_url: (address) =>
        address === "" || /^https?:\/\/\S+$/.test(address)
          ? null
          : "An address begins with https:// or http://",
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ tier, runbook_url, team_id, ...values }) => {
      const body = {
        ...values,
        tier: tier === null ? null : Number(tier),
        runbook_url: runbook_url || null,
      };
      const { escalation_policy_id, ...others } = body;
      const same = escalation_policy_id === service?.escalation_policy?.id;
      return service
        ? patchService({
            path: { service_id: service.id },
            // a policy of a hidden team stays, but nobody outside of it may name it
            body: same ? others : body,
          })
        : createService({ body: { ...body, team_id } });
    },
    stale: STALE,
    onSaved,
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={service ? `Change ${service.name}` : "New service"}
      action={service ? "Save" : "Add the service"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        placeholder="Checkout"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      {!service && (
        <Select
          label="Team"
          description="Owns it, and may change it"
          data={teams.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          allowDeselect={false}
          withAsterisk
          {...form.getInputProps("team_id")}
        />
      )}
      <Select
        label="Escalation policy"
        description="Whom an incident of this service pages, and in which order"
        placeholder="None: the platform admins are told"
        data={policies?.map(({ id, name, team }) => ({
          value: id,
          label: `${name} (${team.name})`,
        }))}
        searchable
        clearable
        nothingFoundMessage="No policy has that name"
        {...form.getInputProps("escalation_policy_id")}
      />
      <Textarea
        label="Description"
        description="What it does, and what to know at 3 a.m."
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        {...form.getInputProps("description")}
      />
      <Stack gap={4}>
        <Text size="sm" fw={600} id="kind-of-service">
          Kind
        </Text>
        <SegmentedControl
          aria-labelledby="kind-of-service"
          data={KIND_CHOICES}
          {...form.getInputProps("kind")}
        />
        <Text size="xs" c="dimmed">
          {KIND_MEANS[form.values.kind]}
        </Text>
      </Stack>
      <Select
        label="Tier"
        description="How much it matters; shown with its incidents"
        placeholder="Not said"
        data={TIER_CHOICES}
        clearable
        {...form.getInputProps("tier")}
      />
      <TagsInput
        label="Tags"
        description="Words to find it by"
        placeholder={
          form.values.tags.length === 0 ? "payments, then Enter" : ""
        }
        data={tags?.map(({ tag }) => tag)}
        maxTags={20}
        {...form.getInputProps("tags")}
      />
      <TextInput
        label="Runbook"
        description="The page that says what to do when it burns"
        placeholder="https://wiki.example.org/checkout"
        inputMode="url"
        {...form.getInputProps("runbook_url")}
      />
    </FormModal>
  );
}

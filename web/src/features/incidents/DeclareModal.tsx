import {
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { declareIncident } from "../../api/generated";
import { useKept } from "../../ui/use-kept";
import { servicesQuery } from "./queries";

interface Props {
  onClose: () => void;
}

const EMPTY = { service_id: null, urgency: "high" } as const;

interface Form {
  service_id: string | null;
  title: string;
  body: string;
  urgency: "high" | "low";
}

/** Page someone: an incident that no tool reported. */
export default function DeclareModal({ onClose }: Props) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const services = useQuery(servicesQuery).data?.items;
  const [title, keepTitle] = useKept("declared title");
  const [body, keepBody] = useKept("declared body");
  const form = useForm<Form>({
    initialValues: { ...EMPTY, title, body },
    onValuesChange: (values) => {
      keepTitle(values.title);
      keepBody(values.body);
    },
    validate: { service_id: (id) => (id ? null : "Choose what is affected") },
  });
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ service_id, body, ...rest }: Form) =>
      declareIncident({
        body: {
          ...rest,
          service_id: service_id ?? "",
          body: body || undefined,
        },
      }),
    meta: { showsErrors: true },
    onSuccess: async (incident) => {
      keepTitle("");
      keepBody("");
      void queryClient.invalidateQueries({ queryKey: ["incidents"] });
      await navigate({
        to: "/incidents/$incidentId",
        params: { incidentId: String(incident.number) },
      });
    },
  });
  const chosen = services?.find(({ id }) => id === form.values.service_id);

  return (
    <Modal opened onClose={onClose} title="Page someone" size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack>
          {error && (
            <Alert role="alert" color="red" icon={<IconAlertTriangle />}>
              {error.message}
            </Alert>
          )}
          <Select
            label="What is affected"
            placeholder="A service"
            data={services?.map(({ id, name, team }) => ({
              value: id,
              label: `${name} (${team.name})`,
            }))}
            searchable
            withAsterisk
            nothingFoundMessage="No service has that name"
            {...form.getInputProps("service_id")}
          />
          <TextInput
            label="What is wrong"
            placeholder="Checkout answers with errors"
            required
            maxLength={300}
            {...form.getInputProps("title")}
          />
          <Textarea
            label="What is known so far"
            autosize
            minRows={2}
            maxRows={8}
            {...form.getInputProps("body")}
          />
          <SegmentedControl
            fullWidth
            aria-label="Urgency"
            data={[
              { value: "high", label: "Urgent: wake people" },
              { value: "low", label: "Can wait" },
            ]}
            {...form.getInputProps("urgency")}
          />
          <Text size="sm" c="dimmed">
            {chosen
              ? consequence(chosen)
              : "Whoever is on call is paged at once."}
          </Text>
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              {chosen ? `Page the ${chosen.team.name} team` : "Page"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function consequence(service: {
  team: { name: string };
  escalation_policy: { name: string } | null;
}): string {
  return service.escalation_policy
    ? `Pages at once, as the policy “${service.escalation_policy.name}” says.`
    : `${service.team.name} has no escalation policy for this service: the platform admins are told.`;
}

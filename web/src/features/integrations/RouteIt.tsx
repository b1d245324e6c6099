import { Checkbox, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import {
  createRoutingRule,
  type ReportedAlert,
  reviewUnroutedAlerts,
} from "../../api/generated";
import { oneServiceQuery } from "../../api/queries";
import { FormModal } from "../../ui/FormModal";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { conditionOf, linesOf } from "./route-lines";

interface Props {
  alert: ReportedAlert;
  onClose: () => void;
}

interface Values {
  service_id: string | null;
  fields: string[];
}

/** Say where alerts like this one belong: a routing rule, put together from what this one says. */
export function RouteIt({ alert, onClose }: Props) {
  const lines = linesOf(alert);
  const form = useForm<Values>({
    initialValues: {
      service_id: null,
      fields: lines
        .map(({ field }) => field)
        .filter((field) => field !== "title"),
    },
    validate: {
      service_id: (id) => (id ? null : "Choose where they belong"),
      fields: (fields) =>
        fields.length > 0 ? null : "Choose at least one: what tells them?",
    },
  });
  const { service_id: serviceId } = form.values;
  const service = useQuery({
    ...oneServiceQuery(serviceId ?? ""),
    enabled: serviceId !== null,
  }).data;
  const { save, isPending, problem } = useSave({
    form,
    send: async ({ service_id, fields }) => {
      await createRoutingRule({
        body: {
          name: `${alert.integration.name} to ${service?.name ?? "its service"}`,
          builder: conditionOf(lines, fields),
          actions: { service_id },
        },
      });
      return reviewUnroutedAlerts();
    },
    stale: [["routing-rules"], ["alerts"], ["incidents"]],
    onSaved: ({ settled }) => {
      const left = settled === 1 ? "1 alert has" : `${settled} alerts have`;
      toastDone(
        `From now on such alerts are ${service?.name ?? "that service"}'s; ${left} left this list`,
      );
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Route alerts like this one"
      action="Route them"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Text size="sm" fw={600}>
        {alert.title}
      </Text>
      <Checkbox.Group
        label="Alerts for which all of this is so"
        {...form.getInputProps("fields")}
      >
        <Stack gap={8} mt={6}>
          {lines.map(({ field, words }) => (
            <Checkbox key={field} value={field} label={words} />
          ))}
        </Stack>
      </Checkbox.Group>
      <ServiceSelect
        label="Belong to"
        placeholder="Find a service"
        withAsterisk
        value={serviceId}
        error={form.errors.service_id}
        onChange={(id) => form.setFieldValue("service_id", id)}
      />
      <Text size="sm" c="dimmed">
        It becomes the last rule of the installation, and holds for what comes
        from now on. Open alerts like this one leave the list, but stay with
        whoever has them.
      </Text>
    </FormModal>
  );
}

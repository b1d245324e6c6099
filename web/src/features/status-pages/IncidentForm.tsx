import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  changeStatusIncident,
  type StatusIncident,
  type StatusPage,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { Affected } from "./Affected";
import { IMPACTS, isImpact } from "./states";
import { moreOf } from "./tell";

interface Props {
  incident: StatusIncident;
  page: StatusPage;
  onClose: () => void;
}

/** What is not an update: the title, the impact, the postmortem, the components. */
export function IncidentForm({ incident, page, onClose }: Props) {
  const form = useForm({
    initialValues: {
      name: incident.name,
      impact: incident.chosen_impact ?? "",
      postmortem_url: incident.postmortem_url ?? "",
      components: moreOf(incident).components,
    },
    validate: {
      name: (name) => (name.trim() ? null : "Say in a few words what is wrong"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name, impact, postmortem_url, components }) =>
      changeStatusIncident({
        path: { status_incident_id: incident.id },
        body: {
          name: name.trim(),
          impact: isImpact(impact) ? impact : null,
          postmortem_url: postmortem_url.trim() || null,
          components,
        },
      }),
    stale: [["status-pages"]],
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Change ${incident.name}`}
      action="Save"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Title"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Select
        label="Impact"
        data={[
          { value: "", label: "As the components say" },
          ...Object.entries(IMPACTS).map(([value, label]) => ({
            value,
            label,
          })),
        ]}
        allowDeselect={false}
        {...form.getInputProps("impact")}
      />
      <TextInput
        label="Postmortem"
        description="An address that people outside may open"
        placeholder="https://example.org/what-happened"
        {...form.getInputProps("postmortem_url")}
      />
      <Affected
        page={page}
        value={form.values.components}
        onChange={(components) => form.setFieldValue("components", components)}
      />
    </FormModal>
  );
}

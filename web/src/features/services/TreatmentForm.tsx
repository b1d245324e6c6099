import { Select, Switch, TagsInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  putServiceAlertSettings,
  type Service,
  type ServiceAlertSettings,
} from "../../api/generated";
import { useMe } from "../../me";
import { DurationInput } from "../../ui/DurationInput";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { STALE } from "./queries";
import { MEANS, MODES, settingsOf, treatmentOf } from "./treatment";

const MODE_CHOICES = Object.entries(MODES).map(([value, label]) => ({
  value,
  label,
}));
interface Props {
  service: Service;
  settings: ServiceAlertSettings;
  onClose: () => void;
}

/** Which alerts share an incident, and when they are over. */
export function TreatmentForm({ service, settings, onClose }: Props) {
  const { platform_admin: admin } = useMe();
  const path = { service_id: service.id };
  const form = useForm({
    initialValues: treatmentOf(settings),
    validate: {
      labels: (labels, { mode }) =>
        mode === "labels" && labels.length === 0
          ? "Say at least one label"
          : null,
    },
  });
  const { mode, window_s, auto_resolve_s } = form.values;
  const { save, isPending, problem } = useSave({
    form,
    send: (treatment) =>
      putServiceAlertSettings({ path, body: settingsOf(treatment) }),
    stale: STALE,
    rename: { "grouping.window_s": "window_s", "grouping.labels": "labels" },
    onSaved: () => {
      toastDone("Alerts are treated like this from now on");
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`How alerts of ${service.name} are treated`}
      action="Save"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Select
        label="Alerts that share an incident"
        description={MEANS[mode]}
        data={MODE_CHOICES}
        allowDeselect={false}
        data-autofocus
        {...form.getInputProps("mode")}
      />
      {mode === "time" && (
        <DurationInput
          label="Within"
          description="Of the opening of the incident; 10 seconds to a day"
          seconds={window_s}
          error={form.errors.window_s}
          onChange={(seconds) => form.setFieldValue("window_s", seconds)}
        />
      )}
      {mode === "labels" && (
        <TagsInput
          label="Labels"
          description="Names of labels; an alert without one of them stays alone"
          placeholder="cluster, then Enter"
          {...form.getInputProps("labels")}
        />
      )}
      <DurationInput
        label="Resolve by itself after"
        description="Of silence: no event for this long; empty: never"
        placeholder="never"
        units={["min", "h", "d"]}
        seconds={auto_resolve_s}
        error={form.errors.auto_resolve_s}
        onChange={(seconds) => form.setFieldValue("auto_resolve_s", seconds)}
      />
      <Switch
        label="Takes what nothing else routes"
        description={
          admin
            ? "There is one catch-all: this replaces the one before"
            : "Which service is the catch-all is up to platform admins"
        }
        disabled={!admin}
        {...form.getInputProps("catch_all", { type: "checkbox" })}
      />
    </FormModal>
  );
}

import { Select, Switch, TagsInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  putServiceAlertSettings,
  putServiceDependencies,
  type Service,
  type ServiceAlertSettings,
  type ServiceDependencies,
} from "../../api/generated";
import { useMe } from "../../me";
import { DurationInput } from "../../ui/DurationInput";
import { FormModal } from "../../ui/FormModal";
import { ServicesSelect } from "../../ui/ServiceSelect";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { MEANS, MODES, settingsOf, TIERS, treatmentOf } from "./treatment";

const MODE_CHOICES = Object.entries(MODES).map(([value, label]) => ({
  value,
  label,
}));
const TIER_CHOICES = Object.entries(TIERS).map(([value, label]) => ({
  value,
  label,
}));

interface Props {
  service: Service;
  settings: ServiceAlertSettings;
  dependencies: ServiceDependencies;
  onClose: () => void;
}

/** Which alerts share an incident, when they are over, what the service depends on. */
export function TreatmentForm(props: Props) {
  const { service, settings, dependencies, onClose } = props;
  const { platform_admin: admin } = useMe();
  const path = { service_id: service.id };
  const form = useForm({
    initialValues: {
      ...treatmentOf(settings),
      depends_on: dependencies.depends_on.map(({ id }) => id),
    },
    validate: {
      labels: (labels, { mode }) =>
        mode === "labels" && labels.length === 0
          ? "Say at least one label"
          : null,
    },
  });
  const { mode, window_s, auto_resolve_s, depends_on } = form.values;
  const { save, isPending, problem } = useSave({
    form,
    send: async ({ depends_on, ...treatment }) => {
      // first what may be refused: it would go in a circle
      await putServiceDependencies({ path, body: { depends_on } });
      return putServiceAlertSettings({ path, body: settingsOf(treatment) });
    },
    stale: [["services"]],
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
      <Select
        label="Tier"
        description="How much the service matters; shown with its incidents"
        placeholder="Not said"
        data={TIER_CHOICES}
        clearable
        {...form.getInputProps("tier")}
      />
      <ServicesSelect
        label="Depends on"
        description="While one of these has an incident, it is shown as a possible cause"
        placeholder="Find services"
        except={service.id}
        value={depends_on}
        onChange={(ids) => form.setFieldValue("depends_on", ids)}
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

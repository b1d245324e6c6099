import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import {
  createStatusUpdate,
  type StatusIncident,
  type StatusPage,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useNow } from "../../ui/now";
import { clockTime } from "../../ui/time";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";
import { statusIncidentQuery } from "./queries";
import { TemplateSelect } from "./TemplateSelect";
import { type Draft, moreOf, problemsOf, updateOf } from "./tell";
import { UpdateFields } from "./UpdateFields";
import { UpdateMore } from "./UpdateMore";
import { useWords } from "./use-words";

const STAGES = [
  "investigating",
  "identified",
  "monitoring",
  "resolved",
  "postmortem",
] as const;

interface Props {
  incident: StatusIncident;
  page: StatusPage;
  onClose: () => void;
}

/** Tell more about an incident. */
export function UpdateForm({ incident, page, onClose }: Props) {
  const now = useNow(60);
  const queryClient = useQueryClient();
  const form = useForm<Draft>({
    initialValues: moreOf(incident),
    validate: (draft) => problemsOf(draft, Date.now()),
  });
  const { choose } = useWords({ page, form });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      createStatusUpdate({
        path: { status_incident_id: incident.id },
        body: updateOf(draft),
      }),
    stale: [],
    onSaved: (told) => {
      const { queryKey } = statusIncidentQuery(incident.id);
      queryClient.setQueryData(queryKey, told);
      void queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      void queryClient.invalidateQueries({ queryKey: ["incident"] });
      toastDone(`${page.name} is up to date`);
      onClose();
    },
  });
  const at = instantTyped(form.values.publish_at);
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Tell more: ${incident.name}`}
      action={at ? `Publish at ${clockTime(at, now)}` : "Publish now"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((draft) => save(draft))}
    >
      <TemplateSelect pageId={page.id} onChoose={choose} />
      <UpdateFields page={page} form={form} stages={STAGES} />
      <UpdateMore page={page} form={form} />
    </FormModal>
  );
}

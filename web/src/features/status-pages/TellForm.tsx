import { Button, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  createStatusIncident,
  type StatusPage,
  type StatusProposal,
} from "../../api/generated";
import { useNow } from "../../ui/now";
import { Problem } from "../../ui/Problem";
import { clockTime } from "../../ui/time";
import { toastDone } from "../../ui/toast";
import { useKept } from "../../ui/use-kept";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";
import { Preview } from "./Preview";
import { statusIncidentQuery } from "./queries";
import { IMPACTS, isImpact } from "./states";
import classes from "./Tell.module.css";
import { TemplateSelect } from "./TemplateSelect";
import {
  type Draft,
  draftFrom,
  incidentOf,
  newDraft,
  problemsOf,
} from "./tell";
import { UpdateFields } from "./UpdateFields";
import { UpdateMore } from "./UpdateMore";
import { useWords } from "./use-words";

interface Props {
  page: StatusPage;
  proposal: StatusProposal;
  incidentId: string | undefined;
}

/** What is told about something new; made for a phone at night. */
export function TellForm({ page, proposal, incidentId }: Props) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [kept, keep] = useKept(`tell ${page.id} ${incidentId ?? ""}`);
  const form = useForm<Draft>({
    initialValues: draftFrom(kept) ?? newDraft(proposal),
    validate: (draft) => problemsOf(draft, Date.now()),
    onValuesChange: (draft) => keep(JSON.stringify(draft)),
  });
  const words = useWords({ page, form, incidentId, proposal });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      createStatusIncident({
        path: { page_id: page.id },
        body: incidentOf(draft, incidentId),
      }),
    // whoever tells something at night does not wait for lists
    stale: [],
    onSaved: (told) => {
      keep("");
      const { id, updates } = told;
      queryClient.setQueryData(statusIncidentQuery(id).queryKey, told);
      void queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      void queryClient.invalidateQueries({ queryKey: ["incident"] });
      toastDone(
        updates.some(({ published_at }) => published_at)
          ? `${page.name} tells it now`
          : `${page.name} will tell it then`,
      );
      return navigate({
        to: "/status-incidents/$statusIncidentId",
        params: { statusIncidentId: id },
      });
    },
  });
  return (
    <form onSubmit={form.onSubmit((draft) => save(draft))}>
      <Stack>
        <TemplateSelect pageId={page.id} onChoose={words.choose} />
        <TextInput
          label="Title"
          maxLength={200}
          withAsterisk
          {...form.getInputProps("name")}
        />
        <UpdateFields page={page} form={form} onComponents={words.refill} />
        <UpdateMore page={page} form={form}>
          <Select
            label="Impact"
            description="How bad the page says that it is"
            data={[
              { value: "", label: "As the components say" },
              ...Object.entries(IMPACTS).map(([value, label]) => ({
                value,
                label,
              })),
            ]}
            allowDeselect={false}
            value={form.values.impact}
            onChange={(impact) =>
              form.setFieldValue("impact", isImpact(impact) ? impact : "")
            }
          />
        </UpdateMore>
        <Preview page={page} draft={form.values} />
        <Problem text={problem} />
        <div className={classes.publish}>
          <Button type="submit" loading={isPending} className={classes.button}>
            <PublishWords draft={form.values} />
          </Button>
          <Text size="sm" c="dimmed" visibleFrom="sm">
            {form.values.quiet
              ? "On the page only: subscribers get nothing"
              : "Subscribers are told as well"}
          </Text>
        </div>
      </Stack>
    </form>
  );
}

/** What the button does, exactly. */
export function PublishWords({ draft }: { draft: Draft }) {
  const now = useNow(60);
  const at = instantTyped(draft.publish_at);
  const whom = draft.told_to === "partners" ? "Tell partners" : "Publish";
  return <>{at ? `${whom} at ${clockTime(at, now)}` : `${whom} now`}</>;
}

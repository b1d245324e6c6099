import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  createStatusTemplate,
  deleteStatusTemplate,
  putStatusTemplate,
  type StatusPage,
  type StatusTemplate,
  type StatusTemplateIn,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { Preview } from "./Preview";
import { proposalQuery } from "./queries";
import { STAGES } from "./states";

const TYPING_MS = 300;
const SAMPLES = 2; // components that the preview speaks of

interface Props {
  page: StatusPage;
  /** the one to change; none: a new one */
  template?: StatusTemplate;
  onClose: () => void;
}

/** Words to keep, beside how they will read. */
export function TemplateForm({ page, template, onClose }: Props) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      name: template?.name ?? "",
      title: template?.title ?? "Problems with {{components}}",
      body:
        template?.body ??
        "Since {{time}} we see problems with {{components}}. We are looking into it, and tell you more within 30 minutes.",
      status: template?.status ?? "investigating",
    },
    validate: {
      name: (name) => (name.trim() ? null : "Say when it is for"),
      title: (title) => (title.trim() ? null : "Say the title"),
      body: (body) => (body.trim() ? null : "Say what people may know"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      template
        ? putStatusTemplate({ path: { template_id: template.id }, body })
        : createStatusTemplate({ path: { page_id: page.id }, body }),
    stale: [["status-pages"]],
    onSaved: onClose,
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      deleteStatusTemplate({ path: { template_id: id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      toastDone("The template is gone");
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={template ? `Change ${template.name}` : "New template"}
      action={template ? "Save" : "Keep it"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        description="What it is for; only your colleagues see it"
        placeholder="Payments fail"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Title"
        maxLength={500}
        withAsterisk
        {...form.getInputProps("title")}
      />
      <Textarea
        label="What people read"
        description="{{components}}, {{page}}, {{status}} and {{time}} are filled in"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={2000}
        withAsterisk
        {...form.getInputProps("body")}
      />
      <Select
        label="How far it is"
        data={Object.entries(STAGES).map(([value, { word }]) => ({
          value,
          label: word,
        }))}
        allowDeselect={false}
        {...form.getInputProps("status")}
      />
      <Filled page={page} words={form.values} />
      {template && (
        <Button
          variant="default"
          loading={remove.isPending}
          onClick={() => remove.mutate(template.id)}
        >
          Forget this template
        </Button>
      )}
    </FormModal>
  );
}

/** The words with the first components of the page. */
function Filled({
  page,
  words,
}: {
  page: StatusPage;
  words: StatusTemplateIn;
}) {
  const [{ title, body, status }] = useDebouncedValue(words, TYPING_MS);
  const components = Object.fromEntries(
    page.components
      .slice(0, SAMPLES)
      .map(({ id }) => [id, "partial_outage" as const]),
  );
  const { data, error } = useQuery({
    ...proposalQuery(page.id, { title, body, status, components }),
    enabled: title.trim() !== "" && body.trim() !== "",
    placeholderData: keepPreviousData,
  });
  if (error) return <Problem text={error.message} />;
  return data ? <Preview page={page} draft={data} /> : null;
}

import {
  Button,
  Group,
  NumberInput,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconDownload, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  addWorkflowHook,
  changeWorkflow,
  deleteWorkflowHook,
  exportWorkflow,
  type WorkflowOut,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { CopyField } from "../../ui/CopyField";
import { Problem } from "../../ui/Problem";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { hooksQuery } from "./queries";

interface Props {
  workflow: WorkflowOut;
  mayEdit: boolean;
}

/** What is not in the graph: its name, the addresses that start it, its file. */
export function Settings({ workflow, mayEdit }: Props) {
  return (
    <Stack gap="xl" maw={760}>
      {mayEdit && <Name workflow={workflow} />}
      {mayEdit && workflow.triggers.includes("webhook") && (
        <Addresses workflow={workflow} />
      )}
      <Section title="As a file">
        <Text size="sm" c="dimmed">
          To keep it in a repository or take it to another installation: New
          workflow reads it. Secrets are named in it, never contained.
        </Text>
        <Export workflow={workflow} />
      </Section>
    </Stack>
  );
}

function Name({ workflow }: { workflow: WorkflowOut }) {
  const { id, name, description, most_per_hour } = workflow;
  const form = useForm({
    initialValues: { name, description, most_per_hour },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body: typeof form.values) =>
      changeWorkflow({ path: { workflow_id: id }, body }),
    stale: [["workflows"]],
    onSaved: () => {
      form.resetDirty();
      toastDone("Saved");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          maxLength={100}
          {...form.getInputProps("name")}
        />
        <Textarea
          label="What it is for"
          autosize
          maxLength={2000}
          {...form.getInputProps("description")}
        />
        <NumberInput
          label="Runs within an hour, at most"
          description="So that it cannot feed itself without end, e.g. when a ticket that it opens comes back as an alert"
          min={1}
          max={100_000}
          allowDecimal={false}
          thousandSeparator=" "
          maw={320}
          {...form.getInputProps("most_per_hour")}
        />
        <Problem text={problem} />
        <Group>
          <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Addresses({ workflow: { id } }: { workflow: WorkflowOut }) {
  const queryClient = useQueryClient();
  const hooks = useQuery(hooksQuery(id)).data ?? [];
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: hooksQuery(id).queryKey });
  const add = useMutation({
    mutationFn: () => addWorkflowHook({ path: { workflow_id: id } }),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (hook_id: string) =>
      deleteWorkflowHook({ path: { workflow_id: id, hook_id } }),
    onSuccess: refresh,
  });
  return (
    <Section
      title="Addresses that start it"
      action={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          New address
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        Whoever knows one can start it. What is posted there is{" "}
        {"{{request.body}}"}.
      </Text>
      {add.data && (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            Copy it now: it is not shown again.
          </Text>
          <CopyField label="the address" value={add.data.url} />
        </Stack>
      )}
      {hooks.length > 0 && (
        <Rows label="Addresses">
          {hooks.map((hook) => (
            <Row
              key={hook.id}
              main={
                <Text size="sm" ff="monospace">
                  {hook.prefix}…
                </Text>
              }
              side={
                <>
                  <Text size="sm" c="dimmed">
                    {hook.used_at ? (
                      <>
                        used <Ago at={hook.used_at} />
                      </>
                    ) : (
                      "never used"
                    )}
                  </Text>
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconTrash size={14} />}
                    onClick={() => remove.mutate(hook.id)}
                  >
                    Close it
                  </Button>
                </>
              }
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Export({ workflow: { id, name } }: { workflow: WorkflowOut }) {
  const { mutate, isPending } = useMutation({
    mutationFn: () => exportWorkflow({ path: { workflow_id: id } }),
    onSuccess: ({ yaml }) => {
      const url = URL.createObjectURL(
        new Blob([yaml], { type: "application/yaml" }),
      );
      const link = document.createElement("a");
      link.href = url;
      link.download = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.yaml`;
      link.click();
      URL.revokeObjectURL(url);
    },
  });
  return (
    <Group>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        loading={isPending}
        onClick={() => mutate()}
      >
        Download as YAML
      </Button>
    </Group>
  );
}

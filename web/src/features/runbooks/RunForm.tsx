import { Alert, Button, Select, Stack, Text } from "@mantine/core";
import { IconLock, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useMemo, useState } from "react";
import { type RunFormOut, startRunbook } from "../../api/generated";
import { fieldProblems } from "../../ui/field-problems";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { fieldsOf, initialValues } from "../../ui/schema";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { typed } from "./parameters";

interface Props {
  form: RunFormOut;
  incidentId: string | undefined;
}

/** The parameters of a run, filled in where the incident knows them, and the button. */
export function RunForm({ form, incidentId }: Props) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const fields = useMemo(() => fieldsOf(form.parameters), [form.parameters]);
  const [values, setValues] = useState(() =>
    initialValues(fields, form.values),
  );
  const [connection, setConnection] = useState(form.connections[0]?.id ?? null);
  const [confirming, setConfirming] = useState(false);
  const { mutate, mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: (confirmation: string | null) =>
      startRunbook({
        path: { runbook_id: form.runbook_id },
        body: {
          version: form.version,
          parameters: typed(form.parameters, values),
          incident_id: incidentId,
          connection_id: connection,
          confirmation,
        },
      }),
    meta: { showsErrors: true },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["runbook-runs"] });
      await navigate({
        to: "/runbooks/runs/$runId",
        params: { runId: id },
      });
    },
  });
  const problems = fieldProblems(error?.message, fields);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.confirmation === null) return mutate(null);
    reset();
    setConfirming(true);
  };
  return (
    <>
      <form onSubmit={submit}>
        <Stack maw={560}>
          {fields.length > 0 && incidentId && (
            <Text size="sm" c="dimmed">
              What the incident knows is filled in. Check it before you run it.
            </Text>
          )}
          <SchemaFields
            fields={fields}
            values={values}
            onChange={setValues}
            errors={problems.fields}
          />
          {form.connections.length > 1 && (
            <Select
              label="Where it runs"
              data={form.connections.map(({ id, name }) => ({
                value: id,
                label: name,
              }))}
              allowDeselect={false}
              value={connection}
              onChange={setConnection}
            />
          )}
          {form.why_not && (
            <Alert
              color="yellow"
              variant="light"
              icon={<IconLock aria-hidden />}
              title="It cannot run now"
            >
              {sentence(form.why_not)}
            </Alert>
          )}
          <Problem text={confirming ? undefined : problems.rest} />
          <Button
            type="submit"
            size="lg"
            color={form.confirmation === null ? undefined : "red.8"}
            leftSection={<IconPlayerPlay size={18} />}
            loading={isPending && !confirming}
            disabled={!form.may_run}
          >
            {form.confirmation === null ? "Run it" : "Run it…"}
          </Button>
        </Stack>
      </form>
      {form.confirmation !== null && (
        <TypedConfirm
          opened={confirming}
          onClose={() => setConfirming(false)}
          title={`Run ${form.name}`}
          action="Run it"
          name={form.confirmation}
          run={() => mutateAsync(form.confirmation)}
        >
          This is destructive: what it does cannot be taken back.
        </TypedConfirm>
      )}
    </>
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

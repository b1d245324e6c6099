import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  deleteTicketTracker,
  getTicketTracker,
  listTicketTrackerKinds,
  putTicketTracker,
  type TicketTracker,
  type TicketTrackerKind,
} from "../../api/generated";
import { fieldProblems } from "../../ui/field-problems";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { Section } from "../../ui/Section";
import { fieldsOf, filled, initialValues } from "../../ui/schema";
import { toastDone } from "../../ui/toast";
import { oneOf } from "./words";

const KINDS: Record<TicketTracker["kind"], true> = {
  jira_create: true,
  linear_create: true,
};

/** Where a team's action items become tickets. */
export function Tracker({ teamId }: { teamId: string }) {
  const kinds = useQuery({
    queryKey: ["ticket-tracker-kinds"],
    queryFn: ({ signal }) => listTicketTrackerKinds({ signal }),
  });
  const query = useQuery({
    queryKey: ["ticket-tracker", teamId],
    queryFn: ({ signal }) =>
      getTicketTracker({ path: { team_id: teamId }, signal }),
  });
  return (
    <Section title="Tickets">
      <Text size="sm" c="dimmed">
        Where “Create a ticket” of an action item puts it. The token is kept
        among the{" "}
        <TextLink to="/workflow-secrets">secrets of workflows</TextLink>; here
        it is only named.
      </Text>
      <Loaded what="The tracker" query={query}>
        {({ tracker }) => (
          <Form
            key={teamId}
            teamId={teamId}
            kept={tracker}
            kinds={kinds.data ?? []}
          />
        )}
      </Loaded>
    </Section>
  );
}

interface FormProps {
  teamId: string;
  kept: TicketTracker | null;
  kinds: readonly TicketTrackerKind[];
}

function Form({ teamId, kept, kinds }: FormProps) {
  const queryClient = useQueryClient();
  const [kind, setKind] = useState(kept?.kind);
  const [typed, setTyped] = useState(() => ({ ...kept?.config }));
  const schema = kinds.find((each) => each.kind === kind)?.config_schema;
  const fields = useMemo(() => (schema ? fieldsOf(schema) : []), [schema]);
  const values = initialValues(fields, typed);
  const stale = () =>
    queryClient.invalidateQueries({ queryKey: ["ticket-tracker", teamId] });
  const path = { team_id: teamId };
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      if (kind)
        await putTicketTracker({
          path,
          body: { kind, config: filled(fields, values) },
        });
      else if (kept) await deleteTicketTracker({ path });
    },
    meta: { showsErrors: true },
    onSuccess: async () => {
      toastDone("Saved");
      await stale();
    },
  });
  const problems = fieldProblems(error?.message, fields);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack maw={560}>
        <Select
          label="Tracker"
          placeholder="None"
          clearable
          data={kinds.map((each) => ({
            value: each.kind,
            label: each.kind === "jira_create" ? "Jira" : "Linear",
          }))}
          value={kind ?? null}
          onChange={(next) => {
            setKind(oneOf(KINDS, next));
            setTyped({});
          }}
        />
        <SchemaFields
          fields={fields}
          values={values}
          errors={problems.fields}
          onChange={setTyped}
        />
        <Problem text={problems.rest} />
        {(kind || kept) && (
          <Group>
            <Button type="submit" variant="default" loading={isPending}>
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

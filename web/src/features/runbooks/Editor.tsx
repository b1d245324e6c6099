import {
  Button,
  Group,
  Radio,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldProblems } from "../../ui/field-problems";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { type Draft, problemsOf } from "./draft";
import { LimitFields } from "./LimitFields";
import { ParametersEditor } from "./ParametersEditor";
import { TargetFields } from "./TargetFields";
import { CLASSES, oneOf } from "./words";

const OF_ALL = "all";

interface Props<Saved> {
  initial: Draft;
  teams: readonly { id: string; name: string }[];
  /** whether it may be, or is, the whole installation's */
  forAll: boolean;
  teamId: string | null;
  /** whose it is cannot be changed any more */
  isFixed?: boolean;
  action: string;
  send: (draft: Draft, teamId: string | null, note: string) => Promise<Saved>;
  onSaved: (saved: Saved) => unknown;
}

/** Everything that is approved of a runbook, on one page. */
export function Editor<Saved>(props: Props<Saved>) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(props.initial);
  const [teamId, setTeamId] = useState(props.teamId);
  const [note, setNote] = useState("");
  const [problems, setProblems] = useState<Record<string, string>>({});
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setProblems({});
  };
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => props.send(draft, teamId, note.trim()),
    meta: { showsErrors: true },
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: ["runbooks"] });
      await props.onSaved(saved);
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const found = problemsOf(draft);
    setProblems(found);
    if (Object.keys(found).length === 0) mutate();
  };
  const kinds = Object.keys(draft.content).map((name) => ({ name }));
  const told = fieldProblems(error?.message, kinds);
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="xl" maw={760}>
        <Section title="What it is">
          <TextInput
            label="Name"
            placeholder="Restart a payments worker"
            maxLength={100}
            withAsterisk
            value={draft.name}
            error={problems.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Select
            label="Whose it is"
            description="Its responders write and run it, its admins approve it"
            data={[
              ...props.teams.map(({ id, name }) => ({
                value: id,
                label: name,
              })),
              ...(props.forAll
                ? [{ value: OF_ALL, label: "All teams (platform admins)" }]
                : []),
            ]}
            allowDeselect={false}
            disabled={props.isFixed}
            value={teamId ?? OF_ALL}
            onChange={(next) => {
              setTeamId(next === OF_ALL ? null : next);
              // another team may use other connections
              change({ connection_ids: [] });
            }}
          />
          <Textarea
            label="Description"
            description="Markdown. Whoever reads it has just been woken: what it does, and how to tell that it has worked"
            autosize
            minRows={4}
            maxLength={10_000}
            value={draft.description}
            onChange={(event) =>
              change({ description: event.currentTarget.value })
            }
          />
          <Radio.Group
            label="Class"
            value={draft.run_class}
            onChange={(next) => {
              const run_class = oneOf(CLASSES, next);
              if (run_class) change({ run_class });
            }}
          >
            <Stack gap="xs" mt={6}>
              {Object.entries(CLASSES).map(([value, { word, means }]) => (
                <Radio
                  key={value}
                  value={value}
                  label={word}
                  description={means}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Section>
        <TargetFields
          draft={draft}
          teamId={teamId}
          errors={{ ...told.fields, ...problems }}
          onChange={change}
        />
        <ParametersEditor
          parameters={draft.parameters}
          onChange={(parameters) => change({ parameters })}
        />
        <LimitFields draft={draft} onChange={change} />
        <Section title="Save">
          <TextInput
            label="What is new"
            description="Optional: one line for whoever reviews it"
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Problem text={Object.values(problems)[0] ?? told.rest} />
          <Group>
            <Button type="submit" loading={isPending}>
              {props.action}
            </Button>
          </Group>
        </Section>
      </Stack>
    </form>
  );
}

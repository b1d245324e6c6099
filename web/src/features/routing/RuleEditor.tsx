import {
  Button,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import {
  createRoutingRule,
  putRoutingRule,
  type RoutingRule,
} from "../../api/generated";
import { useMe } from "../../me";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import { ActionsEditor } from "./ActionsEditor";
import { ConditionEditor } from "./ConditionEditor";
import { bodyOf, type Draft, problemsOf, trialOf } from "./draft";
import { trialQuery } from "./queries";
import { INSTALLATION } from "./RoutingPage";
import classes from "./RuleEditor.module.css";
import { refusalOf, Trial } from "./Trial";

const TYPING_MS = 600;
const PROBLEM = "[aria-invalid=true], [role=alert]";

interface Props {
  /** the one to change; none: a new one */
  rule?: RoutingRule;
  initial: Draft;
  onCancel: () => void;
  onSaved: (rule: RoutingRule) => unknown;
}

/** If this, then that; with what it would have done to what was really sent beside it. */
export function RuleEditor({ rule, initial, onCancel, onSaved }: Props) {
  const form = useForm<Draft>({
    initialValues: initial,
    validate: problemsOf,
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      rule
        ? putRoutingRule({ path: { rule_id: rule.id }, body: bodyOf(draft) })
        : createRoutingRule({ body: bodyOf(draft) }),
    stale: [["routing-rules"]],
    rename: { condition: "cel" },
    onSaved,
  });
  const box = useRef<HTMLFormElement>(null);
  // the button may be far below it, on a phone
  const showFirstProblem = () =>
    requestAnimationFrame(() => {
      const first = box.current?.querySelector<HTMLElement>(PROBLEM);
      first?.scrollIntoView({ block: "center" });
      first?.focus({ preventScroll: true });
    });
  const draft = form.values;
  const [settled] = useDebouncedValue(draft, TYPING_MS);
  const wanted = trialOf(settled);
  const trial = useQuery({
    ...trialQuery(wanted ?? bodyOf(settled)),
    enabled: wanted !== null,
  });
  const refusal = refusalOf(trial.error);
  const change = (part: Partial<Draft>) => {
    form.setValues(part);
    form.clearErrors();
  };
  const errors = Object.fromEntries(
    Object.entries(form.errors).flatMap(([path, text]) =>
      typeof text === "string" ? [[path, text]] : [],
    ),
  );

  return (
    <form
      ref={box}
      noValidate
      onSubmit={form.onSubmit((values) => save(values), showFirstProblem)}
    >
      <div className={classes.editor}>
        <Stack gap="lg">
          <Group align="start" grow preventGrowOverflow={false}>
            <TextInput
              label="Name"
              placeholder="Development stays quiet at night"
              maxLength={200}
              withAsterisk
              style={{ flexBasis: 240 }}
              {...form.getInputProps("name")}
            />
            <WhoseRule
              disabled={rule !== undefined}
              value={draft.team_id}
              onChange={(team_id) => change({ team_id })}
            />
          </Group>
          <Section title="If">
            <ConditionEditor
              draft={draft}
              errors={{
                ...errors,
                ...(draft.by === "cel" && refusal && { cel: refusal }),
              }}
              onChange={change}
            />
          </Section>
          <Section title="Then">
            <ActionsEditor
              actions={draft.actions}
              errors={errors}
              onlyMine={draft.team_id !== null}
              onChange={(actions) => change({ actions })}
            />
          </Section>
          <Section title="And after that">
            <SegmentedControl
              aria-label="And after that"
              data={[
                { value: "stop", label: "Stop here" },
                { value: "go on", label: "Ask the rules below as well" },
              ]}
              value={draft.continues ? "go on" : "stop"}
              onChange={(next) => change({ continues: next === "go on" })}
              maw={420}
            />
            <Text size="sm" c="dimmed">
              {draft.continues
                ? "Later rules see the event as this one has left it."
                : "No later rule of this list is asked about an event that this one matches."}
            </Text>
            <Switch
              label="The rule is on"
              checked={draft.enabled}
              onChange={(event) =>
                change({ enabled: event.currentTarget.checked })
              }
            />
          </Section>
        </Stack>
        <div className={classes.trial}>
          <Trial
            query={trial}
            // what is wrong in CEL is said below it
            ready={wanted !== null && !(draft.by === "cel" && refusal)}
          />
        </div>
        <Stack>
          <Problem text={problem} />
          <Group>
            <Button type="submit" loading={isPending}>
              {rule ? "Save the rule" : "Add the rule"}
            </Button>
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </div>
    </form>
  );
}

interface WhoseProps {
  disabled: boolean;
  value: string | null;
  onChange: (teamId: string | null) => void;
}

function WhoseRule({ disabled, value, onChange }: WhoseProps) {
  const me = useMe();
  const teams = useEditableTeams();
  const everybody = { value: INSTALLATION, label: "The whole installation" };
  return (
    <Select
      label="Whose"
      data={[
        ...(me.platform_admin ? [everybody] : []),
        ...teams.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      allowDeselect={false}
      disabled={disabled}
      style={{ flexBasis: 240 }}
      value={value ?? INSTALLATION}
      onChange={(id) => onChange(id === INSTALLATION ? null : id)}
    />
  );
}

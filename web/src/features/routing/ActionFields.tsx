import {
  Group,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { ReactNode } from "react";
import { SEVERITIES } from "../../ui/conditions";
import { DurationInput } from "../../ui/DurationInput";
import { PairsInput } from "../../ui/PairsInput";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { type ActionKind, type Actions, PRIORITIES } from "./actions";

interface Fields {
  actions: Actions;
  error?: string;
  onlyMine: boolean;
  onChange: (part: Partial<Actions>) => void;
}

/** The fields of one action. */
export function ActionFields({
  kind,
  ...fields
}: Fields & { kind: ActionKind }) {
  return <>{FORMS[kind](fields)}</>;
}

const UNITS = ["s", "min", "h", "d"] as const;

const FORMS: Readonly<Record<ActionKind, (fields: Fields) => ReactNode>> = {
  service_id: ({ actions, error, onlyMine, onChange }) => (
    <ServiceSelect
      label="Service"
      description="Its policy pages, its team sees it"
      placeholder="Find a service"
      mine={onlyMine}
      value={actions.service_id ?? null}
      error={error}
      onChange={(service_id) => onChange({ service_id })}
    />
  ),
  suppress: Suppress,
  hold_s: ({ actions, error, onChange }) => (
    <DurationInput
      label="For"
      description="Nobody hears of it if it recovers before that; else people are paged then"
      error={error}
      units={UNITS}
      seconds={actions.hold_s ?? null}
      onChange={(hold_s) => onChange({ hold_s })}
    />
  ),
  count: Count,
  severity: ({ actions, onChange }) => (
    <Choice
      label="Severity"
      data={SEVERITIES}
      value={actions.severity}
      onChange={(severity) => onChange({ severity })}
    />
  ),
  priority: ({ actions, onChange }) => (
    <Choice
      label="Priority"
      data={PRIORITIES}
      value={actions.priority}
      onChange={(priority) => onChange({ priority })}
    />
  ),
  urgency: ({ actions, onChange }) => (
    <Choice
      label="Urgency"
      data={["high", "low"] as const}
      words={{ high: "Wakes people", low: "Can wait" }}
      value={actions.urgency}
      onChange={(urgency) => onChange({ urgency })}
    />
  ),
  labels: ({ actions, error, onChange }) => (
    <PairsInput
      label="Labels"
      description="In place of those of the same name"
      names={["Label", "Value"]}
      error={error}
      value={actions.labels ?? {}}
      onChange={(labels) => onChange({ labels })}
    />
  ),
  links: ({ actions, error, onChange }) => (
    <PairsInput
      label="Links"
      description="Pages worth opening, e.g. a runbook"
      names={["Web address", "Text"]}
      error={error}
      value={actions.links ?? {}}
      onChange={(links) => onChange({ links })}
    />
  ),
  dedup_key: ({ actions, error, onChange }) => (
    <TextInput
      label="Template"
      description="The same key is the same alert. Use only what comes with both the problem and its end."
      placeholder="{{labels.cluster}}/{{title}}"
      maxLength={2000}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={actions.dedup_key ?? ""}
      error={error}
      onChange={(event) => onChange({ dedup_key: event.currentTarget.value })}
    />
  ),
  auto_resolve_s: ({ actions, error, onChange }) => (
    <DurationInput
      label="After"
      description="When nothing was heard of it for so long"
      error={error}
      units={UNITS}
      seconds={actions.auto_resolve_s ?? null}
      onChange={(auto_resolve_s) => onChange({ auto_resolve_s })}
    />
  ),
};

function Suppress({ actions, error, onChange }: Fields) {
  const { suppress = { reason: "" } } = actions;
  const change = (part: Partial<typeof suppress>) =>
    onChange({ suppress: { ...suppress, ...part } });
  return (
    <Stack gap="xs">
      <TextInput
        label="Reason"
        placeholder="Known flapping, fixed with the next release"
        maxLength={200}
        value={suppress.reason}
        error={error}
        onChange={(event) => change({ reason: event.currentTarget.value })}
      />
      <DurationInput
        label="For at most"
        description="What still fires then pages people. Empty: until it is over."
        units={UNITS}
        seconds={suppress.for_s ?? null}
        onChange={(for_s) => change({ for_s: for_s || null })}
      />
    </Stack>
  );
}

function Count({ actions, error, onChange }: Fields) {
  const { count = { times: 3, within_s: 600 } } = actions;
  return (
    <Group align="end" gap="xs">
      <NumberInput
        label="When it fires this often"
        w={200}
        min={2}
        max={100}
        allowDecimal={false}
        value={count.times}
        onChange={(times) => onChange({ count: { ...count, times } })}
      />
      <DurationInput
        label="within"
        units={UNITS}
        seconds={count.within_s}
        onChange={(within_s) => onChange({ count: { ...count, within_s } })}
      />
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Group>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  data: readonly Value[];
  words?: Readonly<Record<Value, string>>;
  value: Value | undefined;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, data, words, value, onChange } = props;
  return (
    <SegmentedControl
      aria-label={label}
      data={data.map((each) => ({ value: each, label: words?.[each] ?? each }))}
      value={value}
      onChange={(next) => {
        const picked = data.find((each) => each === next);
        if (picked) onChange(picked);
      }}
    />
  );
}

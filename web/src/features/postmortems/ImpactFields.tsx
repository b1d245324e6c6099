import {
  Group,
  NumberInput,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { Section } from "../../ui/Section";
import { HERE, wallOf } from "../../ui/wall";
import { instantTyped } from "../../ui/when";
import type { Impact } from "./content";

interface Props {
  impact: Impact;
  onChange: (impact: Impact) => void;
}

/** "2026-11-23T03:00" on the clock of whoever looks. */
export function typedOf(at: string | null): string {
  if (!at) return "";
  const { date, time } = wallOf(Date.parse(at), HERE);
  return `${date}T${time}`;
}

/** What it amounted to: counted from the incidents, corrected by whoever knows better. */
export function ImpactFields({ impact, onChange }: Props) {
  const change = (part: Partial<Impact>) => onChange({ ...impact, ...part });
  const time = (
    label: string,
    at: string | null,
    set: (at: string | null) => void,
  ) => (
    <TextInput
      type="datetime-local"
      label={label}
      value={typedOf(at)}
      onChange={(event) => set(instantTyped(event.currentTarget.value))}
      style={{ flex: "1 1 180px" }}
    />
  );
  const ends = impact.resolved_at;
  const isBackwards =
    ends !== null && Date.parse(ends) < Date.parse(impact.started_at);
  return (
    <Section title="Impact">
      <Textarea
        label="Who noticed what"
        placeholder="About 300 customers could not pay by card"
        autosize
        minRows={2}
        maxLength={4000}
        value={impact.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <Group gap="md" align="start">
        {time("Began", impact.started_at, (at) => {
          if (at) change({ started_at: at });
        })}
        {time("Acknowledged", impact.acknowledged_at, (at) =>
          change({ acknowledged_at: at }),
        )}
        <TextInput
          type="datetime-local"
          label="Ended"
          error={isBackwards && "It cannot end before it began"}
          value={typedOf(ends)}
          onChange={(event) =>
            change({ resolved_at: instantTyped(event.currentTarget.value) })
          }
          style={{ flex: "1 1 180px" }}
        />
        <NumberInput
          label="Alerts"
          min={0}
          allowDecimal={false}
          value={impact.alerts}
          onChange={(next) => change({ alerts: Number(next) || 0 })}
          style={{ flex: "0 1 110px" }}
        />
        <NumberInput
          label="Repeats folded"
          min={0}
          allowDecimal={false}
          value={impact.folded}
          onChange={(next) => change({ folded: Number(next) || 0 })}
          style={{ flex: "0 1 130px" }}
        />
      </Group>
      <TagsInput
        label="People involved"
        description="Press Enter after each name"
        value={impact.people}
        maxTags={200}
        onChange={(people) => change({ people })}
      />
    </Section>
  );
}

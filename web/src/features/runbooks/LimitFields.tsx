import { NumberInput, Select, SimpleGrid, Switch } from "@mantine/core";
import { DurationInput } from "../../ui/DurationInput";
import { Section } from "../../ui/Section";
import type { Draft } from "./draft";
import { CALENDARS, choicesOf, oneOf } from "./words";

interface Props {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

/** How long, how often, when, and whether by itself. */
export function LimitFields({ draft, onChange }: Props) {
  const destructive = draft.run_class === "destructive";
  return (
    <Section title="Limits">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <DurationInput
          label="Time-out"
          description="10 seconds to a day; then it counts as timed out"
          seconds={draft.timeout_s}
          onChange={(timeout_s) => onChange({ timeout_s: timeout_s ?? 300 })}
        />
        <DurationInput
          label="Pause"
          description="Between two runs on one service"
          seconds={draft.cool_down_s || null}
          placeholder="none"
          onChange={(cool_down_s) =>
            onChange({ cool_down_s: cool_down_s ?? 0 })
          }
        />
        <NumberInput
          label="Runs an hour"
          description="At most, by people and workflows together"
          min={1}
          max={1000}
          allowDecimal={false}
          value={draft.most_per_hour}
          onChange={(next) => onChange({ most_per_hour: Number(next) || 1 })}
        />
        <NumberInput
          label="At once"
          description="So many may be under way"
          min={1}
          max={50}
          allowDecimal={false}
          value={draft.at_once}
          onChange={(next) => onChange({ at_once: Number(next) || 1 })}
        />
      </SimpleGrid>
      <Select
        label="Planned work"
        description="What maintenance windows mean to it"
        data={choicesOf(CALENDARS)}
        allowDeselect={false}
        value={draft.calendar}
        onChange={(next) =>
          onChange({ calendar: oneOf(CALENDARS, next) ?? "always" })
        }
      />
      <Switch
        label="Workflows may start it without asking anybody"
        description={
          destructive
            ? "Never: what is destructive always waits for a person"
            : "Only for what can do no harm, however often it runs"
        }
        disabled={destructive}
        checked={draft.auto_safe && !destructive}
        onChange={(event) =>
          onChange({ auto_safe: event.currentTarget.checked })
        }
      />
    </Section>
  );
}

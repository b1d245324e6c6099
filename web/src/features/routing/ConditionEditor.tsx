import { Code, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { BuilderEditor } from "../../ui/BuilderEditor";
import { builderOf, lineProblem, toCel } from "../../ui/conditions";
import { FIELDS } from "./conditions";
import type { Draft } from "./draft";
import { useSuggestions } from "./use-suggestions";

interface Props {
  draft: Draft;
  errors: Readonly<Record<string, string>>;
  onChange: (part: Partial<Draft>) => void;
}

/** Which events a rule is about: put together from lines, or written in CEL. */
export function ConditionEditor({ draft, errors, onChange }: Props) {
  const { by, every, lines } = draft;
  const suggest = useSuggestions(
    lines.some(({ field }) => field === "kind" || field === "team"),
  );
  const finished = lines.filter((line) => lineProblem(line) === null);
  const asCel = toCel(builderOf(finished, every));
  const choose = (next: string) =>
    onChange(
      next === "cel"
        ? // one goes on from what was put together
          { by: "cel", cel: asCel || draft.cel }
        : { by: "builder" },
    );
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="How the condition is made"
        maw={420}
        data={[
          { value: "builder", label: "Put it together" },
          { value: "cel", label: "Write CEL" },
        ]}
        value={by}
        onChange={choose}
      />
      {by === "builder" ? (
        <>
          <BuilderEditor
            subjects={FIELDS}
            suggest={suggest}
            without="Without a line it matches every event."
            every={every}
            lines={lines}
            errors={errors}
            onChange={onChange}
          />
          {asCel && (
            <Text size="xs" c="dimmed">
              In CEL: <Code fz="xs">{asCel}</Code>
            </Text>
          )}
        </>
      ) : (
        <>
          <Textarea
            label="Condition"
            description="Without one it matches every event"
            placeholder={'labels.env == "dev" && severity != "critical"'}
            autosize
            minRows={2}
            maxRows={12}
            maxLength={2000}
            spellCheck={false}
            styles={{
              input: { fontFamily: "var(--mantine-font-family-monospace)" },
            }}
            value={draft.cel}
            error={errors.cel}
            onChange={(event) => onChange({ cel: event.currentTarget.value })}
          />
          <Text size="xs" c="dimmed">
            Fields: <Code fz="xs">{Object.keys(FIELDS).join(", ")}</Code> and{" "}
            <Code fz="xs">labels</Code>. A label that is not there makes a
            condition false; ask with <Code fz="xs">"env" in labels</Code>.
          </Text>
        </>
      )}
    </Stack>
  );
}

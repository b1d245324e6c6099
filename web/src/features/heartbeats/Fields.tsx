import {
  Checkbox,
  Group,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { At } from "../../ui/Ago";
import { DurationInput } from "../../ui/DurationInput";
import { ZoneSelect } from "../../ui/ZoneSelect";
import type { Draft } from "./draft";
import { timesQuery } from "./queries";

const UNITS = ["min", "h", "d"] as const;
const TYPING_MS = 300;

interface Props {
  form: UseFormReturnType<Draft>;
}

/** What a heartbeat is called and when it pings. */
export function Fields({ form }: Props) {
  const { by } = form.values;
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Nightly backup"
        maxLength={200}
        withAsterisk
        {...form.getInputProps("name")}
      />
      <SegmentedControl
        aria-label="When it pings"
        data={[
          { value: "period", label: "Every so often" },
          { value: "cron", label: "As a crontab says" },
        ]}
        {...form.getInputProps("by")}
      />
      {by === "period" ? (
        <DurationInput
          label="Period"
          description="A ping is due this long after the last one"
          units={UNITS}
          seconds={form.values.period_s}
          error={form.errors.period_s}
          onChange={(seconds) => form.setFieldValue("period_s", seconds)}
        />
      ) : (
        <Cron form={form} />
      )}
      <DurationInput
        label="Grace time"
        description="How late it may be, and how long a run may take, before people are paged"
        units={UNITS}
        seconds={form.values.grace_s}
        error={form.errors.grace_s}
        onChange={(seconds) => form.setFieldValue("grace_s", seconds)}
      />
      <Select
        label="Severity"
        description="Of its alerts"
        data={["critical", "error", "warning", "info"]}
        allowDeselect={false}
        {...form.getInputProps("severity")}
      />
      <TagsInput
        label="Tags"
        placeholder={form.values.tags.length === 0 ? "nightly, db" : ""}
        maxTags={20}
        {...form.getInputProps("tags")}
      />
      <Checkbox
        label="Only POST counts"
        description="So that a link scanner that opens the address is not a sign of life"
        {...form.getInputProps("post_only", { type: "checkbox" })}
      />
      <Checkbox
        label="Only people end a pause"
        description="Else the next ping does"
        {...form.getInputProps("manual_resume", { type: "checkbox" })}
      />
    </>
  );
}

function Cron({ form }: Props) {
  const { cron, time_zone } = form.values;
  const [settled] = useDebouncedValue(cron.trim(), TYPING_MS);
  const query = useQuery({
    ...timesQuery(settled, time_zone),
    enabled: settled !== "",
  });
  return (
    <Stack gap={6}>
      <Group align="start" grow preventGrowOverflow={false}>
        <TextInput
          label="Cron expression"
          maxLength={100}
          spellCheck={false}
          withAsterisk
          style={{ flexBasis: 180 }}
          styles={{
            input: { fontFamily: "var(--mantine-font-family-monospace)" },
          }}
          {...form.getInputProps("cron")}
          error={form.errors.cron ?? query.error?.message}
        />
        <ZoneSelect
          label="Time zone"
          description={undefined}
          allowDeselect={false}
          style={{ flexBasis: 180 }}
          {...form.getInputProps("time_zone")}
        />
      </Group>
      {query.data && !query.error && (
        <Text size="sm" c="dimmed" aria-live="polite">
          Next:{" "}
          {query.data.times.slice(0, 3).map((at, index) => (
            <span key={at}>
              {index > 0 && ", "}
              <At at={at} />
            </span>
          ))}{" "}
          by your clock
        </Text>
      )}
    </Stack>
  );
}

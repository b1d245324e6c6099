import { Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { teamsQuery } from "../../api/queries";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { DAYS, dayOf, daysChosen, type Period } from "./period";
import { minutesOf } from "./queries";

const WIDTH = { flex: "1 1 9rem" };
const NAMES: Record<(typeof DAYS)[number], string> = {
  "7": "Last 7 days",
  "30": "Last 30 days",
  "90": "Last 90 days",
  "365": "Last 365 days",
};
const TIMES = [
  ...DAYS.map((value) => ({ value, label: NAMES[value] })),
  { value: "custom", label: "Days of my choice" },
];

interface Props {
  search: Record<string, string>;
  /** that is shown; none: the days make no sense */
  period: Period | null;
  onChange: (change: Record<string, string>) => void;
}

/** Which incidents are counted, and what is in time. */
export function Filters({ search, period, onChange }: Props) {
  const teams = useQuery(teamsQuery).data ?? [];
  const days = daysChosen(search);
  const within = useDebouncedCallback(
    (minutes: string) => onChange({ within: minutes }),
    400,
  );
  const choose = (next: string | null) =>
    onChange(
      next === "custom"
        ? ownDays(period)
        : { days: next ?? "", from: "", to: "" },
    );
  return (
    <Group gap="xs" align="end" role="group" aria-label="What is counted">
      <Select
        label="Time"
        data={TIMES}
        value={days}
        onChange={choose}
        allowDeselect={false}
        style={WIDTH}
      />
      {days === "custom" && <OwnDays search={search} onChange={onChange} />}
      <Select
        label="Team"
        placeholder="All teams"
        data={teams.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.team ?? null}
        onChange={(next) => onChange({ team: next ?? "" })}
        clearable
        searchable
        style={WIDTH}
      />
      <div style={WIDTH}>
        <ServiceSelect
          label="Service"
          placeholder="All services"
          value={search.service ?? null}
          onChange={(next) => onChange({ service: next ?? "" })}
          clearable
        />
      </div>
      <Select
        label="Urgency"
        placeholder="High and low"
        data={[
          { value: "high", label: "High" },
          { value: "low", label: "Low" },
        ]}
        value={search.urgency ?? null}
        onChange={(next) => onChange({ urgency: next ?? "" })}
        clearable
        style={WIDTH}
      />
      <NumberInput
        label="In time is within"
        suffix=" min"
        min={1}
        max={10_080}
        allowDecimal={false}
        defaultValue={minutesOf(search)}
        onChange={(minutes) => within(String(minutes))}
        style={WIDTH}
      />
    </Group>
  );
}

function OwnDays({ search, onChange }: Pick<Props, "search" | "onChange">) {
  return (
    <>
      <TextInput
        type="date"
        label="First day"
        value={search.from ?? ""}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
        style={WIDTH}
      />
      <TextInput
        type="date"
        label="Last day"
        value={search.to ?? ""}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
        style={WIDTH}
      />
    </>
  );
}

/** Those that are shown, to be changed from there on. */
function ownDays(period: Period | null): Record<string, string> {
  const from = period ? dayOf(period.span.from) : "";
  const to = period ? dayOf(period.span.to) : "";
  return { days: "", from, to };
}

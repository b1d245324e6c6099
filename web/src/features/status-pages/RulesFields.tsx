import { Input, Select, SimpleGrid } from "@mantine/core";
import { isState, STATES, type State } from "./states";

// what an incident is counted by: its priority, or its severity if it has none
const NAMES = [
  "P1",
  "P2",
  "P3",
  "P4",
  "P5",
  "critical",
  "error",
  "warning",
  "info",
];
const NOTHING = "nothing";
const CHOICES = [
  { value: NOTHING, label: "Does nothing" },
  ...(["degraded_performance", "partial_outage", "major_outage"] as const).map(
    (value) => ({ value, label: STATES[value].word }),
  ),
];

/** What every page does unless it says otherwise. */
export const USUAL: Readonly<Record<string, State>> = {
  P1: "major_outage",
  P2: "partial_outage",
  P3: "degraded_performance",
  critical: "partial_outage",
  error: "degraded_performance",
};

interface Props {
  value: Record<string, State>;
  onChange: (rules: Record<string, State>) => void;
}

/** What an open incident does to a component, by its priority or its severity. */
export function RulesFields({ value, onChange }: Props) {
  const put = (name: string, state: string | null) => {
    const { [name]: _, ...left } = value;
    onChange(isState(state) ? { ...left, [name]: state } : left);
  };
  return (
    <Input.Wrapper
      labelElement="div"
      label="What an open incident does"
      description="By its priority; an incident without one counts by its severity"
    >
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs" mt={6}>
        {NAMES.map((name) => (
          <Select
            key={name}
            label={name}
            size="xs"
            data={CHOICES}
            allowDeselect={false}
            value={value[name] ?? NOTHING}
            onChange={(state) => put(name, state)}
          />
        ))}
      </SimpleGrid>
    </Input.Wrapper>
  );
}

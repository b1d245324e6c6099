import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { inUnit, isUnit, UNIT_NAMES, UNIT_S, type Unit } from "./spans";

interface Props {
  label: string;
  description?: string;
  error?: React.ReactNode;
  /** null: none */
  seconds: number | null;
  onChange: (seconds: number | null) => void;
  units?: readonly Unit[];
  placeholder?: string;
}

/** A length of time as a number and a unit. */
export function DurationInput(props: Props) {
  const { label, description, error, seconds, onChange, placeholder } = props;
  const units = props.units ?? (["s", "min", "h"] as const);
  const [unit, setUnit] = useState<Unit>(() =>
    seconds === null ? "min" : inUnit(seconds, units).unit,
  );
  return (
    <Input.Wrapper
      labelElement="div"
      label={label}
      description={description}
      error={error}
    >
      <Group gap={6} wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={label}
          w={110}
          min={0}
          placeholder={placeholder}
          value={seconds === null ? "" : seconds / UNIT_S[unit]}
          onChange={(amount) =>
            onChange(
              amount === "" ? null : Math.round(Number(amount) * UNIT_S[unit]),
            )
          }
        />
        <Select
          aria-label={`Unit of: ${label}`}
          w={120}
          allowDeselect={false}
          data={units.map((each) => ({
            value: each,
            label: UNIT_NAMES[each],
          }))}
          value={unit}
          onChange={(next) => {
            if (!isUnit(next)) return;
            if (seconds !== null)
              onChange((seconds / UNIT_S[unit]) * UNIT_S[next]);
            setUnit(next);
          }}
        />
      </Group>
    </Input.Wrapper>
  );
}

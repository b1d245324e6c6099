import { Select, Stack } from "@mantine/core";
import type { Choice, Name } from "./FilterBar";
import type { Filters } from "./filters";

interface Props {
  titles: Record<Name, string>;
  choices: Record<Name, Choice[]>;
  filters: Filters;
  onChange: (name: Name, value: string | null) => void;
}

/** What can be filtered by, one choice of each. */
export default function FilterChoices(props: Props) {
  const { titles, choices, filters, onChange } = props;
  const names = Object.keys(titles).filter(
    (name): name is Name => name in choices,
  );
  return (
    <Stack gap="xs" w={240}>
      {names.map((name) => (
        <Select
          key={name}
          label={titles[name]}
          placeholder="Any"
          data={choices[name]}
          value={filters[name] ?? null}
          onChange={(value) => onChange(name, value)}
          clearable
          searchable={choices[name].length > 8}
          comboboxProps={{ withinPortal: false }}
        />
      ))}
    </Stack>
  );
}

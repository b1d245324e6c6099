import { Group, Select } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import type { Draft } from "./draft";
import { holidaysQuery } from "./queries";

const names = new Intl.DisplayNames(undefined, { type: "region" });

function named(country: string): string {
  return names.of(country) ?? country;
}

interface Props {
  form: UseFormReturnType<Draft>;
  at: number;
}

/** Whether a layer has public holidays off, or only them. */
export function Holidays({ form, at }: Props) {
  const layer = form.values.layers[at];
  const ignored = layer?.holidays === "ignore";
  const known = useQuery({ ...holidaysQuery, enabled: !ignored }).data ?? [];
  const regions = known.find(({ country }) => country === layer?.country);
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <Select
        label="Public holidays"
        allowDeselect={false}
        data={[
          { value: "ignore", label: "Are days like any other" },
          { value: "except", label: "Nobody of this layer" },
          { value: "only", label: "Only on them" },
        ]}
        style={{ flexBasis: 180 }}
        {...form.getInputProps(`layers.${at}.holidays`)}
      />
      {!ignored && (
        <>
          <Select
            label="Of"
            placeholder="Country"
            data={known
              .map(({ country }) => ({ value: country, label: named(country) }))
              .sort((a, b) => a.label.localeCompare(b.label))}
            searchable
            limit={50}
            nothingFoundMessage="No country has that name"
            style={{ flexBasis: 160 }}
            {...form.getInputProps(`layers.${at}.country`)}
            value={layer?.country || null}
            onChange={(country) => {
              form.setFieldValue(`layers.${at}.country`, country ?? "");
              form.setFieldValue(`layers.${at}.subdivision`, "");
            }}
          />
          <Select
            label="Region"
            placeholder="All of it"
            data={regions?.subdivisions ?? []}
            disabled={!regions?.subdivisions.length}
            searchable
            clearable
            style={{ flexBasis: 120 }}
            {...form.getInputProps(`layers.${at}.subdivision`)}
            value={layer?.subdivision || null}
            onChange={(region) =>
              form.setFieldValue(`layers.${at}.subdivision`, region ?? "")
            }
          />
        </>
      )}
    </Group>
  );
}

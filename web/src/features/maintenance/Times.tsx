import { Group, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { ZoneSelect } from "../../ui/ZoneSelect";
import type { Draft } from "./draft";

/** When work begins and ends, and whether it comes again. */
export function Times({ form }: { form: UseFormReturnType<Draft> }) {
  const { repeat } = form.values;
  return (
    <>
      <Group align="start" grow preventGrowOverflow={false}>
        <TextInput
          type="datetime-local"
          label="From"
          withAsterisk
          style={{ flexBasis: 180 }}
          {...form.getInputProps("from")}
        />
        <TextInput
          type="datetime-local"
          label="Until"
          withAsterisk
          style={{ flexBasis: 180 }}
          {...form.getInputProps("until")}
        />
      </Group>
      <Group align="start" grow preventGrowOverflow={false}>
        <Select
          label="Again"
          data={[
            { value: "", label: "Only once" },
            { value: "1", label: "Every day" },
            { value: "7", label: "Every week" },
          ]}
          allowDeselect={false}
          style={{ flexBasis: 160 }}
          {...form.getInputProps("repeat")}
        />
        {repeat && (
          <TextInput
            type="date"
            label="Last on"
            description="Empty: for ever"
            inputWrapperOrder={["label", "input", "description", "error"]}
            style={{ flexBasis: 160 }}
            {...form.getInputProps("last_on")}
          />
        )}
        <ZoneSelect
          label="By the clocks of"
          allowDeselect={false}
          style={{ flexBasis: 160 }}
          {...form.getInputProps("zone")}
        />
      </Group>
    </>
  );
}

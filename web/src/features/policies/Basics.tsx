import { Group, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useEditableTeams } from "../../ui/use-editable-teams";
import type { Draft } from "./draft";

/** What a policy is called, and who keeps it. */
export function Basics({ form }: { form: UseFormReturnType<Draft> }) {
  const teams = useEditableTeams();
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <TextInput
        label="Name"
        placeholder="Checkout, day and night"
        maxLength={100}
        withAsterisk
        style={{ flexBasis: 220 }}
        {...form.getInputProps("name")}
      />
      <Select
        label="Team"
        data={teams.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        allowDeselect={false}
        withAsterisk
        style={{ flexBasis: 220 }}
        {...form.getInputProps("team_id")}
      />
    </Group>
  );
}

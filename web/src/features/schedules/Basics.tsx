import { Group, Select, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { ZoneSelect } from "../../ui/ZoneSelect";
import type { Draft } from "./draft";

/** What the schedule is called, whose it is, and by which clock it goes. */
export function Basics({ form }: { form: UseFormReturnType<Draft> }) {
  const teams = useEditableTeams();
  return (
    <Stack gap="sm">
      <Group align="start" grow preventGrowOverflow={false}>
        <TextInput
          label="Name"
          placeholder="Database, primary"
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
          style={{ flexBasis: 200 }}
          {...form.getInputProps("team_id")}
        />
      </Group>
      <Group align="start" grow preventGrowOverflow={false}>
        <TextInput
          label="What it is for"
          placeholder="First to be paged for the databases"
          maxLength={500}
          style={{ flexBasis: 220 }}
          {...form.getInputProps("description")}
        />
        <ZoneSelect
          label="Time zone"
          allowDeselect={false}
          style={{ flexBasis: 200 }}
          {...form.getInputProps("time_zone")}
        />
      </Group>
    </Stack>
  );
}

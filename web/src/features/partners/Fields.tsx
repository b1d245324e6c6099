import { Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { PersonSelect } from "../../ui/PersonSelect";
import type { Draft } from "./draft";

/** What is kept of a partner besides the address. */
export function Fields({ form }: { form: UseFormReturnType<Draft> }) {
  return (
    <>
      <TextInput label="Name" maxLength={200} {...form.getInputProps("name")} />
      <TextInput
        label="Organisation"
        maxLength={200}
        {...form.getInputProps("organisation")}
      />
      <PersonSelect
        label="Owner"
        placeholder="Who looks after them here"
        value={form.values.owner}
        onPick={(owner) => form.setFieldValue("owner", owner)}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        description="By your clock; afterwards they cannot sign in. Empty: for good"
        {...form.getInputProps("expires")}
      />
      <Textarea
        label="Notes"
        description="Only people here read them"
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps("notes")}
      />
    </>
  );
}

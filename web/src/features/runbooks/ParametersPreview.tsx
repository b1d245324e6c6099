import { Paper, Text } from "@mantine/core";
import { useState } from "react";
import { SchemaFields } from "../../ui/SchemaFields";
import { fieldsOf, initialValues } from "../../ui/schema";

/** The form that whoever runs it fills in, to try; nothing happens. */
export function ParametersPreview({ schema }: { schema: unknown }) {
  const fields = fieldsOf(schema);
  const [values, setValues] = useState(() => initialValues(fields));
  if (fields.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It takes none: whoever runs it only presses a button.
      </Text>
    );
  return (
    <Paper withBorder p="md" maw={560}>
      <Text size="xs" c="dimmed" mb="sm">
        A preview of the form: trying it out runs nothing.
      </Text>
      <SchemaFields fields={fields} values={values} onChange={setValues} />
    </Paper>
  );
}

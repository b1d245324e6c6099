import { Alert, FileInput, List, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import {
  importStatusSubscribers,
  type StatusPage,
  type StatusSubscribersImported,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { SUBSCRIBERS } from "./subscriber-queries";

interface Props {
  page: StatusPage;
  onClose: () => void;
}

const EXAMPLE = `way,address,language,incidents,maintenances,components
email,ida@example.org,en,yes,no,Checkout;Search`;

/** Add many at once; what is passed over is listed, and stays in the box. */
export function ImportSubscribers({ page, onClose }: Props) {
  const [done, setDone] = useState<StatusSubscribersImported>();
  const form = useForm({
    initialValues: { csv: "" },
    validate: {
      csv: (text) => (text.trim() ? null : "Choose a file, or paste its lines"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      importStatusSubscribers({ path: { page_id: page.id }, body }),
    stale: [SUBSCRIBERS],
    onSaved: (saved) => {
      toastDone(`${saved.added} added`);
      if (saved.passed_over.length === 0) onClose();
      setDone(saved);
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Import subscribers"
      action="Import"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <FileInput
        label="A CSV file"
        placeholder="Choose a file"
        accept=".csv,text/csv"
        clearable
        onChange={(file) =>
          void file?.text().then((text) => form.setFieldValue("csv", text))
        }
      />
      <Textarea
        label="Or its lines"
        description="The first one names the columns; only the address is needed. They are not asked again: import only who has agreed."
        placeholder={EXAMPLE}
        autosize
        minRows={4}
        maxRows={12}
        styles={{
          input: { fontFamily: "var(--mantine-font-family-monospace)" },
        }}
        {...form.getInputProps("csv")}
      />
      {done && done.passed_over.length > 0 && (
        <Alert color="yellow" variant="light" title="Passed over">
          <List size="sm">
            {done.passed_over.map(({ line, why }) => (
              <List.Item key={line}>
                Line {line}: {why}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </FormModal>
  );
}

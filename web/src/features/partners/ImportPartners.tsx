import { Alert, Checkbox, FileInput, List, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { importPartners, type PartnerImport } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { PARTNERS } from "./queries";

const EXAMPLE = `email,name,organisation,notes,expires_on
eve@agency.example,Eve,Agency,,2027-03-31`;

/** Add many partners at once; what is passed over is listed, and stays in the box. */
export function ImportPartners({ onClose }: { onClose: () => void }) {
  const [done, setDone] = useState<PartnerImport>();
  const form = useForm({
    initialValues: { csv: "", invite: false },
    validate: {
      csv: (text) => (text.trim() ? null : "Choose a file, or paste its lines"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) => importPartners({ body }),
    stale: [PARTNERS],
    onSaved: (saved) => {
      toastDone(
        saved.added === 1
          ? "1 partner is added"
          : `${saved.added} partners are added`,
      );
      if (saved.passed_over.length === 0) onClose();
      setDone(saved);
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Import partners"
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
        description="The first one names the columns. Only the address is needed."
        placeholder={EXAMPLE}
        autosize
        minRows={4}
        maxRows={12}
        styles={{
          input: { fontFamily: "var(--mantine-font-family-monospace)" },
        }}
        {...form.getInputProps("csv")}
      />
      <Checkbox
        label="Send each an invitation"
        {...form.getInputProps("invite", { type: "checkbox" })}
      />
      {done && done.passed_over.length > 0 && (
        <Alert color="yellow" variant="light" title="Passed over">
          <List size="sm">
            {done.passed_over.map(({ line, email, why }) => (
              <List.Item key={line}>
                Line {line}
                {email && `, ${email}`}: {why}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </FormModal>
  );
}

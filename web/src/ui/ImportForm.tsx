import { Alert, FileInput, List, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { QueryKey } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { FormModal } from "./FormModal";
import { toastDone } from "./toast";
import { useSave } from "./use-save";

/** What came of an import. */
interface Imported {
  added: number;
  passed_over: { line: number; email?: string; why: string }[];
}

interface Props {
  title: string;
  /** what is said of the lines, and how they look */
  about: string;
  example: string;
  send: (csv: string) => Promise<Imported>;
  stale: QueryKey;
  /** "3 partners are added" */
  added: (count: number) => string;
  onClose: () => void;
  children?: ReactNode;
}

/** Add many at once from a CSV; what is passed over is listed, and stays in the box. */
export function ImportForm(props: Props) {
  const { title, about, example, send, stale, added, onClose } = props;
  const [done, setDone] = useState<Imported>();
  const form = useForm({
    initialValues: { csv: "" },
    validate: {
      csv: (text) => (text.trim() ? null : "Choose a file, or paste its lines"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ csv }) => send(csv),
    stale: [stale],
    onSaved: (saved) => {
      toastDone(added(saved.added));
      if (saved.passed_over.length === 0) onClose();
      setDone(saved);
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={title}
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
        description={about}
        placeholder={example}
        autosize
        minRows={4}
        maxRows={12}
        styles={{
          input: { fontFamily: "var(--mantine-font-family-monospace)" },
        }}
        {...form.getInputProps("csv")}
      />
      {props.children}
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

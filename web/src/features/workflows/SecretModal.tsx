import { PasswordInput, Select, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect } from "react";
import { putWorkflowSecret } from "../../api/generated";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** null: the installation's */
  teamId: string | null;
  /** one that is known already: only its value is replaced */
  replaces?: boolean;
  name: string;
  /** the team can be chosen */
  choose?: boolean;
  onKept?: (name: string) => void;
}

export const EVERYBODY = "everybody";

/** Whose it can be: my teams', and for platform admins everybody's. */
export function useOwners(): { value: string; label: string }[] {
  const { platform_admin } = useMe();
  const teams = useEditableTeams().map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  return platform_admin
    ? [{ value: EVERYBODY, label: "The whole installation" }, ...teams]
    : teams;
}

/** Keep a secret; its value is never shown again. */
export function SecretModal(props: Props) {
  const { opened, onClose, teamId, replaces = false, choose, onKept } = props;
  const owners = useOwners();
  const form = useForm({ initialValues: { name: "", value: "", owner: "" } });
  useEffect(() => {
    if (!opened) return;
    const owner = teamId ?? (choose ? owners[0]?.value : EVERYBODY);
    form.setValues({ name: props.name, value: "", owner: owner ?? EVERYBODY });
    form.clearErrors();
  }, [opened]);
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name, value, owner }: typeof form.values) =>
      putWorkflowSecret({
        path: { secret_name: name.trim() },
        body: { value, team_id: owner === EVERYBODY ? null : owner },
      }),
    stale: [["workflow-secrets"], ["workflow-checks"]],
    onSaved: (_, { name }) => {
      toastDone(`${name.trim()} is kept`);
      onKept?.(name.trim());
      onClose();
    },
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={replaces ? `Replace ${props.name}` : "Keep a secret"}
      action={replaces ? "Replace it" : "Keep it"}
      busy={isPending}
      problem={problem}
      onSubmit={(event) => {
        // it may stand inside of another form
        event.stopPropagation();
        form.onSubmit((values) => save(values))(event);
      }}
    >
      <Text size="sm" c="dimmed">
        Steps name it; its value is encrypted and never shown again, not even in
        what a step sent or was answered.
      </Text>
      {choose && !replaces && (
        <Select
          label="Who may name it"
          data={owners}
          allowDeselect={false}
          {...form.getInputProps("owner")}
        />
      )}
      <TextInput
        label="Name"
        placeholder="JIRA"
        required
        readOnly={replaces}
        maxLength={64}
        pattern="[A-Za-z][A-Za-z0-9_]*"
        title="Letters, digits and _, beginning with a letter"
        {...form.getInputProps("name")}
      />
      <PasswordInput
        label="Value"
        required
        autoComplete="new-password"
        maxLength={10_000}
        {...form.getInputProps("value")}
      />
    </FormModal>
  );
}

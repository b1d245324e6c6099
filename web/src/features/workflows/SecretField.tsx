import { Anchor, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { secretsQuery } from "./queries";
import { SecretModal } from "./SecretModal";

interface Props {
  label: string;
  description?: string;
  required: boolean;
  error?: string;
  teamId: string | null;
  mayEdit: boolean;
  value: string;
  onChange: (name: string) => void;
}

/** A secret, chosen by its name; a new one can be kept right here. */
export function SecretField(props: Props) {
  const { label, teamId, mayEdit, value, onChange, error, ...box } = props;
  const secrets = useQuery(secretsQuery(teamId)).data;
  const [adding, { open, close }] = useDisclosure();
  const names = [...new Set(secrets?.map(({ name }) => name) ?? [])];
  const missing = secrets && value !== "" && !names.includes(value);
  return (
    <>
      <Select
        {...box}
        label={label}
        data={missing ? [value, ...names] : names}
        value={value || null}
        clearable={!box.required}
        searchable
        placeholder={names.length === 0 ? "There is none yet" : "Choose one"}
        nothingFoundMessage="None is called that"
        error={
          error ?? (missing ? `There is no secret ${value} yet` : undefined)
        }
        onChange={(name) => onChange(name ?? "")}
      />
      {mayEdit && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={open}
          mt={-8}
          ta="left"
        >
          {missing ? `Keep the secret ${value}` : "Keep a new secret"}
        </Anchor>
      )}
      <SecretModal
        opened={adding}
        onClose={close}
        teamId={teamId}
        name={missing ? value : ""}
        onKept={onChange}
      />
    </>
  );
}

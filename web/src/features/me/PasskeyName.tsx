import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type PasskeyOut, renamePasskey } from "../../api/generated";
import { factorsQuery } from "./queries";

/** What a passkey is called, to be changed in place. */
export function PasskeyName({ passkey }: { passkey: PasskeyOut }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState<string>();
  const { mutate } = useMutation({
    mutationFn: (wanted: string) =>
      renamePasskey({
        path: { passkey_id: passkey.id },
        body: { name: wanted },
      }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  const keep = () => {
    const wanted = name?.trim();
    if (wanted && wanted !== passkey.name) mutate(wanted);
    setName(undefined);
  };
  if (name === undefined)
    return (
      <Group gap={4} wrap="nowrap">
        <Text size="sm" fw={500}>
          {passkey.name}
        </Text>
        <ActionIcon
          variant="subtle"
          size="sm"
          aria-label={`Rename the passkey ${passkey.name}`}
          onClick={() => setName(passkey.name)}
        >
          <IconPencil size={14} />
        </ActionIcon>
      </Group>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <TextInput
        size="xs"
        aria-label="Name of the passkey"
        autoFocus
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={keep}
      />
    </form>
  );
}

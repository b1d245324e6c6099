import {
  Button,
  Group,
  Modal,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  createServiceAccountKey,
  type Scope,
  type ServiceAccountOut,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { Problem } from "../../ui/Problem";
import { withStepUp } from "../../ui/step-up";
import { programsQuery } from "./queries";

const SCOPES: { value: Scope; label: string }[] = [
  { value: "read", label: "Read" },
  { value: "write", label: "Read, and act on incidents" },
  { value: "admin", label: "All that the program may do" },
];

/** A key of a program, shown once; it may count only from some addresses. */
export function NewProgramKey({
  program,
  onClose,
}: {
  program: ServiceAccountOut;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("write");
  const [networks, setNetworks] = useState<string[]>([]);
  const { mutate, data, isPending, error } = useMutation({
    meta: { showsErrors: true },
    mutationFn: () =>
      withStepUp(() =>
        createServiceAccountKey({
          path: { account_id: program.id },
          body: { name, scopes: [scope], networks },
        }),
      ),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: programsQuery.queryKey }),
  });
  return (
    <Modal opened onClose={onClose} title={`A key of ${program.name}`}>
      {data ? (
        <Stack>
          <Text size="sm">It is shown only now: keep it like a password.</Text>
          <CopyField label="the API key" value={data.token} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <TextInput
            label="Name"
            placeholder="Where it is kept"
            required
            value={name}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="It may"
            data={SCOPES}
            value={scope}
            allowDeselect={false}
            onChange={(value) =>
              setScope(
                SCOPES.find((one) => one.value === value)?.value ?? scope,
              )
            }
          />
          <TagsInput
            label="Only from"
            description="Addresses or networks, e.g. 192.0.2.0/24. Empty: from everywhere."
            value={networks}
            onChange={setNetworks}
          />
          <Problem text={error?.message} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              disabled={!name.trim()}
              loading={isPending}
              onClick={() => mutate()}
            >
              Make the key
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

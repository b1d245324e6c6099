import { ActionIcon, Menu, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  deleteIntegration,
  type Integration,
  patchIntegration,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { toastDone, toastUndo } from "../../ui/toast";
import { useSave } from "../../ui/use-save";

/** What one seldom does to an integration. */
export function IntegrationMenu({ integration }: { integration: Integration }) {
  const { id, name } = integration;
  const path = { integration_id: id };
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [renaming, rename] = useDisclosure();
  const [deleting, remove] = useDisclosure();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: ["integrations"] });
  const { mutate } = useMutation({
    mutationFn: (disabled: boolean) =>
      patchIntegration({ path, body: { disabled } }),
    onSuccess: async (_integration, disabled) => {
      await refresh();
      if (disabled)
        toastUndo(`${name} is off: what it sends is refused`, () =>
          mutate(false),
        );
      else toastDone(`${name} is on again`);
    },
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} />}
            onClick={rename.open}
          >
            Rename
          </Menu.Item>
          {integration.disabled_at ? (
            <Menu.Item
              leftSection={<IconPlayerPlay size={16} />}
              onClick={() => mutate(false)}
            >
              Switch on
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconPlayerPause size={16} />}
              onClick={() => mutate(true)}
            >
              Switch off: refuse what it sends
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={remove.open}
          >
            Delete …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Rename
        key={renaming ? "renaming" : "closed"}
        integration={integration}
        opened={renaming}
        onClose={rename.close}
      />
      <TypedConfirm
        opened={deleting}
        onClose={remove.close}
        title={`Delete ${name}`}
        action="Delete the integration"
        name={name}
        run={async () => {
          await deleteIntegration({ path });
          await navigate({ to: "/integrations" });
          await refresh();
        }}
      >
        Its keys are refused from now on; what it sent is kept. This cannot be
        taken back; switching off can.
      </TypedConfirm>
    </>
  );
}

interface RenameProps {
  integration: Integration;
  opened: boolean;
  onClose: () => void;
}

function Rename({ integration, opened, onClose }: RenameProps) {
  const form = useForm({
    initialValues: { name: integration.name },
    validate: { name: (name) => (name.trim() ? null : "It needs a name") },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      patchIntegration({ path: { integration_id: integration.id }, body }),
    stale: [["integrations"]],
    onSaved: onClose,
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title="Rename the integration"
      action="Save"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        maxLength={200}
        data-autofocus
        {...form.getInputProps("name")}
      />
    </FormModal>
  );
}

import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArchive,
  IconArchiveOff,
  IconArrowsExchange,
  IconDots,
  IconHourglassLow,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteService, patchService, type Service } from "../../api/generated";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { toastDone, toastUndo } from "../../ui/toast";
import { STALE } from "./queries";
import { TransferForm } from "./TransferForm";

interface Props {
  service: Service;
  onDeleted: () => void;
}

/** What one seldom does to a service. */
export function ServiceMenu({ service, onDeleted }: Props) {
  const queryClient = useQueryClient();
  const [deleting, { open, close }] = useDisclosure();
  const [giving, { open: give, close: keep }] = useDisclosure();
  const archived = service.lifecycle === "archived";
  const refresh = () =>
    Promise.all(
      STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  const { mutate } = useMutation({
    mutationFn: (lifecycle: Service["lifecycle"]) =>
      patchService({ path: { service_id: service.id }, body: { lifecycle } }),
    onSuccess: async ({ lifecycle }) => {
      await refresh();
      if (lifecycle === "archived")
        toastUndo(`${service.name} is archived and pages nobody`, () =>
          mutate(service.lifecycle),
        );
      else if (lifecycle === "deprecated")
        toastDone(`${service.name} is on its way out; it still pages`);
      else toastDone(`${service.name} is in use again`);
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
            leftSection={<IconArrowsExchange size={16} />}
            onClick={give}
          >
            Hand over to another team …
          </Menu.Item>
          {service.lifecycle === "active" && (
            <Menu.Item
              leftSection={<IconHourglassLow size={16} />}
              onClick={() => mutate("deprecated")}
            >
              Deprecate: on its way out
            </Menu.Item>
          )}
          {service.lifecycle === "deprecated" && (
            <Menu.Item
              leftSection={<IconArchiveOff size={16} />}
              onClick={() => mutate("active")}
            >
              No longer on its way out
            </Menu.Item>
          )}
          {archived ? (
            <Menu.Item
              leftSection={<IconArchiveOff size={16} />}
              onClick={() => mutate("active")}
            >
              Use it again
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconArchive size={16} />}
              onClick={() => mutate("archived")}
            >
              Archive: page nobody for it
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={open}
          >
            Delete …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {giving && <TransferForm service={service} onClose={keep} />}
      <TypedConfirm
        opened={deleting}
        onClose={close}
        title={`Delete ${service.name}`}
        action="Delete the service"
        name={service.name}
        run={async () => {
          await deleteService({ path: { service_id: service.id } });
          onDeleted();
          await refresh();
        }}
      >
        Its integrations stop taking alerts at once. This cannot be taken back;
        archiving can.
      </TypedConfirm>
    </>
  );
}

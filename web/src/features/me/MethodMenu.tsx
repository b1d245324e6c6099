import { ActionIcon, Menu, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconDots } from "@tabler/icons-react";

interface Props {
  name: string;
  used: boolean;
  removable: boolean;
  onStop: () => void;
  onRemove: () => void;
}

/** What is done to a contact method less often. */
export function MethodMenu(props: Props) {
  const { name, used, removable, onStop, onRemove } = props;
  const confirmRemoval = () =>
    modals.openConfirmModal({
      title: `Remove ${name}?`,
      children: (
        <Text size="sm">
          You are no longer paged there, and the rules that use it go too.
        </Text>
      ),
      labels: { confirm: "Remove it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: onRemove,
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="More">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {used && <Menu.Item onClick={onStop}>Stop using it</Menu.Item>}
        <Menu.Item disabled={!removable} onClick={confirmRemoval}>
          Remove…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

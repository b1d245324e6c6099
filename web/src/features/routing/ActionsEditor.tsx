import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Paper,
  Stack,
  Text,
} from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { ActionFields } from "./ActionFields";
import {
  ACTIONS,
  type Actions,
  chosen,
  FRESH,
  KINDS,
  without,
} from "./actions";

interface Props {
  actions: Actions;
  errors: Readonly<Record<string, string>>;
  /** route to one's own services only */
  onlyMine: boolean;
  onChange: (actions: Actions) => void;
}

/** What a rule does: a card for each thing. */
export function ActionsEditor({ actions, errors, onlyMine, onChange }: Props) {
  const there = chosen(actions);
  const left = KINDS.filter((kind) => !there.includes(kind));
  return (
    <Stack gap="sm">
      {there.map((kind) => (
        <Paper
          key={kind}
          withBorder
          p="sm"
          role="group"
          aria-label={ACTIONS[kind]}
        >
          <Group justify="space-between" wrap="nowrap" mb={6}>
            <Text fw={600} size="sm">
              {ACTIONS[kind]}
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove: ${ACTIONS[kind]}`}
              onClick={() => onChange(without(actions, kind))}
            >
              <IconX size={18} />
            </ActionIcon>
          </Group>
          <ActionFields
            kind={kind}
            actions={actions}
            error={errors[`actions.${kind}`]}
            onlyMine={onlyMine}
            onChange={(part) => onChange({ ...actions, ...part })}
          />
        </Paper>
      ))}
      {left.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              style={{ alignSelf: "start" }}
            >
              Add what it does
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {left.map((kind) => (
              <Menu.Item
                key={kind}
                onClick={() => onChange({ ...actions, [kind]: FRESH[kind] })}
              >
                {ACTIONS[kind]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {errors.actions && (
        <Text size="sm" c="red" role="alert">
          {errors.actions}
        </Text>
      )}
    </Stack>
  );
}

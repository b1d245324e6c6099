import {
  ActionIcon,
  Button,
  Group,
  Input,
  Stack,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";

interface Props {
  label: string;
  description?: string;
  error?: string;
  value: Readonly<Record<string, string>>;
  onChange: (value: Record<string, string>) => void;
  /** what stands at the left and at the right: ["Label", "Value"] */
  names?: readonly [string, string];
}

interface Line {
  key: string;
  name: string;
  text: string;
}

function line(name = "", text = ""): Line {
  return { key: crypto.randomUUID(), name, text };
}

/** Names and texts, a line each; a line without a name is not counted. */
export function PairsInput(props: Props) {
  const { label, description, error, value, onChange } = props;
  const [left, right] = props.names ?? ["Name", "Value"];
  const [lines, setLines] = useState(() =>
    Object.entries(value).map(([name, text]) => line(name, text)),
  );
  const change = (next: Line[]) => {
    setLines(next);
    onChange(
      Object.fromEntries(
        next.flatMap(({ name, text }) =>
          name.trim() ? [[name.trim(), text]] : [],
        ),
      ),
    );
  };
  const set = (at: number, part: Partial<Line>) =>
    change(
      lines.map((each, index) => (index === at ? { ...each, ...part } : each)),
    );
  return (
    <Input.Wrapper
      labelElement="div"
      label={label}
      description={description}
      error={error}
    >
      <Stack gap="xs" mt={4}>
        {lines.map(({ key, name, text }, at) => (
          <Group key={key} gap={6} wrap="nowrap">
            <TextInput
              aria-label={`${left} ${at + 1} of ${label}`}
              placeholder={left}
              value={name}
              flex={1}
              maxLength={200}
              onChange={(event) => set(at, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`${right} ${at + 1} of ${label}`}
              placeholder={right}
              value={text}
              flex={1.5}
              onChange={(event) => set(at, { text: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove ${name || `line ${at + 1}`}`}
              onClick={() => change(lines.filter((_, index) => index !== at))}
            >
              <IconX size={18} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() => change([...lines, line()])}
          >
            Add a {left.toLowerCase()}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}

import {
  ActionIcon,
  Button,
  Group,
  Paper,
  Select,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ContactMethodOut, NotificationRuleIn } from "../../api/generated";
import { DELAYS_S, delayWords, rulesOf } from "./rules";

interface Props {
  urgency: NotificationRuleIn["urgency"];
  title: string;
  rules: readonly NotificationRuleIn[];
  methods: readonly ContactMethodOut[];
  busy: boolean;
  onAdd: (rule: NotificationRuleIn) => void;
  onRemove: (rule: NotificationRuleIn) => void;
}

/** What is sent when, soonest first. */
export function RulesOfUrgency(props: Props) {
  const { urgency, title, rules, methods, busy, onAdd, onRemove } = props;
  const mine = rulesOf(rules, urgency);
  return (
    <Stack gap="xs">
      <Title order={3}>{title}</Title>
      {mine.map((rule) => {
        const method = methods.find(({ id }) => id === rule.contact_method_id);
        const words = `${delayWords(rule.delay_s)}: ${method?.label ?? "a removed contact method"}`;
        return (
          <Paper
            key={`${rule.delay_s} ${rule.contact_method_id}`}
            withBorder
            px="sm"
            py={4}
          >
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">
                {words}
                {(method?.disabled_at || method?.unverified_since) &&
                  " (not used now)"}
              </Text>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove “${words}”`}
                disabled={busy}
                onClick={() => onRemove(rule)}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          </Paper>
        );
      })}
      {mine.length === 0 && (
        <Text size="sm" c="dimmed">
          No rules: every contact method is used at once.
        </Text>
      )}
      <AddRule
        urgency={urgency}
        title={title}
        methods={methods}
        busy={busy}
        onAdd={onAdd}
      />
    </Stack>
  );
}

type AddProps = Pick<Props, "urgency" | "title" | "methods" | "busy" | "onAdd">;

function AddRule({ urgency, title, methods, busy, onAdd }: AddProps) {
  const [delay, setDelay] = useState("0");
  const [methodId, setMethodId] = useState<string | null>(null);
  return (
    <Group gap="xs">
      <Select
        aria-label={`${title}: after how long`}
        w={130}
        allowDeselect={false}
        data={DELAYS_S.map((seconds) => ({
          value: String(seconds),
          label: delayWords(seconds),
        }))}
        value={delay}
        onChange={(value) => setDelay(value ?? "0")}
      />
      <Select
        aria-label={`${title}: what to use`}
        placeholder="Contact method"
        w={{ base: "100%", xs: 200 }}
        data={methods.map(({ id, label, channel }) => ({
          value: id,
          label: label || channel,
        }))}
        value={methodId}
        onChange={setMethodId}
      />
      <Button
        variant="default"
        disabled={!methodId || busy}
        onClick={() => {
          if (!methodId) return;
          onAdd({
            urgency,
            delay_s: Number(delay),
            contact_method_id: methodId,
          });
          setMethodId(null);
        }}
      >
        Add rule
      </Button>
    </Group>
  );
}

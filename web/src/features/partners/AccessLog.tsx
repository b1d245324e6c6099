import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconDownload, IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Accesses } from "./Accesses";
import type { AccessFilter } from "./queries";
import { isKind, KIND_CHOICES } from "./standing";

const TYPING_MS = 200;
const EXPORT = "/v1/partner-accesses/export";

/** Every sign-in, every look and every refusal, to filter and to take along. */
export function AccessLog() {
  const search: Record<string, string> = useSearch({ from: "/frame/partners" });
  const navigate = useNavigate();
  const wanted: AccessFilter = {
    kind: isKind(search.kind) ? search.kind : undefined,
    query: search.words || undefined,
    since: search.since ? new Date(search.since).toISOString() : undefined,
  };
  const show = (change: Record<string, string>) =>
    void navigate({
      to: "/partners",
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  const type = useDebouncedCallback(
    (text: string) => show({ words: text }),
    TYPING_MS,
  );
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <TextInput
            aria-label="Find in the log"
            w={{ base: "100%", xs: 220 }}
            placeholder="Address, agent, page"
            leftSection={<IconSearch size={16} />}
            defaultValue={search.words ?? ""}
            onChange={(event) => type(event.currentTarget.value)}
          />
          <Select
            aria-label="What happened"
            w={{ base: "100%", xs: 200 }}
            placeholder="Whatever happened"
            clearable
            data={KIND_CHOICES}
            value={wanted.kind ?? null}
            onChange={(kind) => show({ kind: kind ?? "" })}
          />
          <TextInput
            type="date"
            aria-label="Since"
            value={search.since ?? ""}
            onChange={(event) => show({ since: event.currentTarget.value })}
          />
        </Group>
        <Button
          component="a"
          href={exportOf(wanted)}
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          Export as CSV
        </Button>
      </Group>
      <Accesses wanted={wanted} />
    </Stack>
  );
}

function exportOf(wanted: AccessFilter): string {
  const asked = Object.entries(wanted).flatMap(([name, value]) =>
    value ? [[name, String(value)]] : [],
  );
  const text = new URLSearchParams(asked).toString();
  return text ? `${EXPORT}?${text}` : EXPORT;
}

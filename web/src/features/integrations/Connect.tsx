import {
  Button,
  Chip,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { IntegrationKind } from "../../api/generated";
import { kindsQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import classes from "./Connect.module.css";
import { CATEGORIES, type Part, partsOf } from "./catalogue";
import { NewIntegrationForm } from "./NewIntegrationForm";

interface Props {
  serviceId: string | undefined;
  kind: string | undefined;
  /** "": another one */
  onKind: (kind: string) => void;
}

/** Choose the tool, then say what it watches. */
export function Connect({ serviceId, kind, onKind }: Props) {
  const query = useQuery(kindsQuery);
  return (
    <Loaded what="The catalogue" query={query}>
      {(kinds) => {
        const chosen = kinds.find((each) => each.kind === kind);
        return chosen ? (
          <Stack maw={560}>
            <Chosen kind={chosen} onOther={() => onKind("")} />
            <NewIntegrationForm
              key={chosen.kind}
              kind={chosen}
              serviceId={serviceId}
            />
          </Stack>
        ) : (
          <Catalogue kinds={kinds} onKind={onKind} />
        );
      }}
    </Loaded>
  );
}

function Chosen({
  kind,
  onOther,
}: {
  kind: IntegrationKind;
  onOther: () => void;
}) {
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="start" wrap="nowrap">
        <Stack gap={4}>
          <Title order={2}>{kind.title}</Title>
          <Text size="sm" c="dimmed">
            {kind.summary}
          </Text>
          {kind.signature && (
            <Group gap={6} wrap="nowrap" align="start">
              <IconShieldCheck size={16} aria-hidden style={{ flex: "none" }} />
              <Text size="sm">
                It can sign its requests; the set-up says how to have them
                verified.
              </Text>
            </Group>
          )}
        </Stack>
        <Button
          variant="default"
          size="xs"
          onClick={onOther}
          style={{ flex: "none" }}
        >
          Another tool
        </Button>
      </Group>
    </Paper>
  );
}

interface CatalogueProps {
  kinds: readonly IntegrationKind[];
  onKind: (kind: string) => void;
}

function Catalogue({ kinds, onKind }: CatalogueProps) {
  const [text, setText] = useState("");
  const [only, setOnly] = useState("");
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => box.current?.focus()]]);
  const parts = partsOf(kinds, text, only);
  return (
    <Stack>
      <TextInput
        ref={box}
        label="Which tool do you use?"
        placeholder={`Search ${kinds.length} tools`}
        leftSection={<IconSearch size={16} />}
        maw={480}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Chip.Group value={only} onChange={setOnly}>
        <Group gap={6} role="group" aria-label="Kind of tool">
          <Chip value="" size="xs">
            All
          </Chip>
          {partsOf(kinds, "", "").map(({ category }) => (
            <Chip key={category} value={category} size="xs">
              {CATEGORIES[category]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {parts.map((part) => (
        <OnePart key={part.category} part={part} onKind={onKind} />
      ))}
      {parts.length === 0 && (
        <Empty
          icon={<IconSearch size={40} />}
          title="No tool has that name"
          action={
            <Button variant="default" onClick={() => onKind("generic")}>
              Take generic JSON
            </Button>
          }
        >
          Whatever can post JSON to an address can be connected: you say which
          part of it means what.
        </Empty>
      )}
    </Stack>
  );
}

function OnePart({
  part,
  onKind,
}: {
  part: Part;
  onKind: (kind: string) => void;
}) {
  return (
    <Stack component="section" gap="xs" aria-label={part.title}>
      <Title order={2} fz="sm">
        {part.title}
      </Title>
      {part.hint && (
        <Text size="sm" c="dimmed">
          {part.hint}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="xs">
        {part.kinds.map(({ kind, title, summary }) => (
          <UnstyledButton
            key={kind}
            aria-label={title}
            aria-description={summary}
            onClick={() => onKind(kind)}
          >
            <Paper withBorder px="sm" py="xs" h="100%" className={classes.kind}>
              <Text fw={600}>{title}</Text>
              <Text size="sm" c="dimmed">
                {summary}
              </Text>
            </Paper>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </Stack>
  );
}

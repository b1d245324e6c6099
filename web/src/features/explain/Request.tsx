import { Button, Collapse, Stack, Textarea, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { oddLine } from "./question";

interface Props {
  headers: string;
  onHeaders: (headers: string) => void;
  target: string;
  onTarget: (target: string) => void;
}

/** What a request says beside its body; folded, because few parsers look at it. */
export function Request({ headers, onHeaders, target, onTarget }: Props) {
  const [open, setOpen] = useState(false);
  const odd = oddLine(headers);
  return (
    <Stack gap="xs" align="stretch">
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: "start" }}
        aria-expanded={open}
        rightSection={<IconChevronDown size={14} />}
        onClick={() => setOpen(!open)}
      >
        Headers and address
      </Button>
      <Collapse expanded={open}>
        <Stack gap="md">
          <Textarea
            label="Headers"
            description="One a line, as in X-GitHub-Event: release"
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            error={odd && `This is no header: ${odd}`}
            styles={{
              input: { fontFamily: "var(--mantine-font-family-monospace)" },
            }}
            value={headers}
            onChange={({ currentTarget }) => onHeaders(currentTarget.value)}
          />
          <TextInput
            label="Method and address"
            description="Empty: as in its set-up text"
            placeholder="POST /v2/alerts/disk-1/close?identifierType=alias"
            spellCheck={false}
            value={target}
            onChange={({ currentTarget }) => onTarget(currentTarget.value)}
          />
        </Stack>
      </Collapse>
    </Stack>
  );
}

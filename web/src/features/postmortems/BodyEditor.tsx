import {
  Button,
  FileButton,
  Group,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPhoto } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useDeferredValue, useRef, useState } from "react";
import { addPostmortemImage } from "../../api/generated";
import { Markdown } from "../../ui/Markdown";
import { Section } from "../../ui/Section";

const TYPES = "image/png,image/jpeg,image/webp";

interface Props {
  postmortemId: string;
  body: string;
  onChange: (body: string) => void;
}

/** Markdown at the left, how it looks at the right; on a phone one after the other. */
export function BodyEditor({ postmortemId, body, onChange }: Props) {
  const small = useMediaQuery("(max-width: 61.99em)");
  const [side, setSide] = useState("write");
  const box = useRef<HTMLTextAreaElement>(null);
  const newest = useRef(body);
  newest.current = body;
  const preview = useDeferredValue(body);
  const { mutate: upload, isPending } = useMutation({
    mutationFn: (file: File) =>
      addPostmortemImage({
        path: { postmortem_id: postmortemId },
        query: { name: file.name.slice(0, 200) || "image" },
        body: file,
      }),
    onSuccess: ({ name, url }) => {
      const at = box.current?.selectionStart ?? newest.current.length;
      const alt = name.replace(/[[\]\\]/g, " ");
      const image = `\n![${alt}](${url})\n`;
      onChange(newest.current.slice(0, at) + image + newest.current.slice(at));
    },
  });
  const write = (
    <Textarea
      ref={box}
      aria-label="Text, Markdown"
      autosize
      minRows={14}
      maxRows={small ? undefined : 40}
      maxLength={60_000}
      value={body}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      onChange={(event) => onChange(event.currentTarget.value)}
      onPaste={(event) => {
        const file = [...event.clipboardData.files].find(({ type }) =>
          TYPES.split(",").includes(type),
        );
        if (!file) return;
        event.preventDefault();
        upload(file);
      }}
    />
  );
  const look = (
    <Paper withBorder p="sm" aria-label="Preview" role="region">
      {preview.trim() ? (
        <Markdown text={preview} />
      ) : (
        <Text size="sm" c="dimmed">
          Here you see how it looks.
        </Text>
      )}
    </Paper>
  );
  return (
    <Section
      title="Text"
      action={
        <FileButton
          accept={TYPES}
          onChange={(file) => {
            if (file) upload(file);
          }}
        >
          {(button) => (
            <Button
              {...button}
              variant="default"
              size="compact-md"
              loading={isPending}
              leftSection={<IconPhoto size={16} />}
            >
              Add an image
            </Button>
          )}
        </FileButton>
      }
    >
      {small ? (
        <Stack gap="xs">
          <Group>
            <SegmentedControl
              data={[
                { value: "write", label: "Write" },
                { value: "look", label: "Preview" },
              ]}
              value={side}
              onChange={setSide}
            />
          </Group>
          {side === "write" ? write : look}
        </Stack>
      ) : (
        <SimpleGrid cols={2}>
          {write}
          {look}
        </SimpleGrid>
      )}
    </Section>
  );
}

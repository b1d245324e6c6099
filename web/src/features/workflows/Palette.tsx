import { Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { WorkflowNodeType, WorkflowVocabulary } from "../../api/generated";
import { DRAGGED } from "./drag";
import { iconOf } from "./icons";
import classes from "./Palette.module.css";
import { GROUPS } from "./words";

export function keyOf({
  kind,
  type,
}: Pick<WorkflowNodeType, "kind" | "type">): string {
  return `${kind} ${type}`;
}

interface Props {
  vocabulary: WorkflowVocabulary;
  /** what is chosen comes after this step */
  after: string | undefined;
  onAdd: (type: WorkflowNodeType) => void;
}

/** Everything that a workflow can be made of: dragged to the canvas, or pressed. */
export function Palette({ vocabulary, after, onAdd }: Props) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = vocabulary.nodes.filter(({ title, summary }) =>
    `${title} ${summary}`.toLowerCase().includes(wanted),
  );
  const groups = Object.keys(GROUPS).filter((group) =>
    found.some((each) => each.group === group),
  );
  return (
    <Stack gap="xs" className={classes.palette}>
      <TextInput
        aria-label="Find a step"
        placeholder="Find a step"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [only] = found;
          if (event.key !== "Enter" || !wanted || !only) return;
          event.preventDefault();
          onAdd(only);
          setText("");
        }}
      />
      <Text size="xs" c="dimmed">
        {after
          ? `Comes after “${after}”.`
          : "Drag it to the canvas, or press it."}
      </Text>
      <div className={classes.groups}>
        {groups.map((group) => (
          <section key={group} aria-label={GROUPS[group]}>
            <Text size="xs" fw={600} c="dimmed" mt={6} mb={2}>
              {GROUPS[group]}
            </Text>
            {found
              .filter((each) => each.group === group)
              .map((each) => (
                <Item key={keyOf(each)} type={each} onAdd={onAdd} />
              ))}
          </section>
        ))}
        {found.length === 0 && (
          <Text size="sm" c="dimmed">
            No step is called that. “HTTP request” reaches everything else.
          </Text>
        )}
      </div>
    </Stack>
  );
}

function Item({
  type,
  onAdd,
}: {
  type: WorkflowNodeType;
  onAdd: Props["onAdd"];
}) {
  const Mark = iconOf(type);
  return (
    <UnstyledButton
      className={classes.item}
      title={type.summary}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, keyOf(type));
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => onAdd(type)}
    >
      <Mark size={16} stroke={1.75} aria-hidden className={classes.icon} />
      <Text span size="sm">
        {type.title}
      </Text>
    </UnstyledButton>
  );
}

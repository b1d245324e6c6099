import { Group, Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import classes from "./StateLabel.module.css";

export type Tone =
  | "red"
  | "orange"
  | "yellow"
  | "teal"
  | "violet"
  | "gray"
  | "blue";

interface Props {
  tone: Tone;
  icon: Icon;
  word: string;
}

/** A state: always an icon and a word beside the colour. */
export function StateLabel({ tone, icon: Mark, word }: Props) {
  return (
    <Group
      component="span"
      gap={5}
      wrap="nowrap"
      className={classes.state}
      data-tone={tone}
    >
      <Mark size={16} stroke={2} aria-hidden className={classes.icon} />
      <Text span size="sm" fw={600} inherit={false} className={classes.word}>
        {word}
      </Text>
    </Group>
  );
}

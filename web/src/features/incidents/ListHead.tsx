import { Button, Checkbox, Group, Text } from "@mantine/core";
import { useState } from "react";
import classes from "./IncidentList.module.css";

interface Props {
  /** how many rows there are, and whether there are more to load */
  shown: number;
  hasMore: boolean;
  selectable: readonly string[];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  /** also what is not loaded yet */
  onSelectAll: () => Promise<void>;
  /** on a phone: a tap selects instead of opening */
  choosing: boolean;
  onChoosing: (choosing: boolean) => void;
}

/** How many there are, and selecting them. */
export function ListHead(props: Props) {
  const { shown, hasMore, selectable, selected, onSelect } = props;
  const [fetching, setFetching] = useState(false);
  const all = selected.size > 0 && selected.size >= selectable.length;
  const selectAll = () => {
    setFetching(true);
    void props.onSelectAll().finally(() => setFetching(false));
  };
  const choose = () => {
    onSelect(new Set());
    props.onChoosing(!props.choosing);
  };
  return (
    <Group className={classes.head} gap="xs" mih={32} wrap="nowrap">
      {selectable.length > 0 && (
        <Checkbox
          size="xs"
          className={props.choosing ? undefined : classes.wide}
          aria-label="Select all that are shown"
          checked={all}
          indeterminate={selected.size > 0 && !all}
          onChange={() => onSelect(new Set(all ? [] : selectable))}
        />
      )}
      <Text size="xs" c="dimmed" truncate>
        {selected.size > 0
          ? `${selected.size} selected`
          : `${shown}${hasMore ? "+" : ""} shown, newest first`}
      </Text>
      {hasMore && selected.size > 0 && selected.size === selectable.length && (
        <Button
          size="compact-sm"
          variant="subtle"
          flex="none"
          px={4}
          loading={fetching}
          onClick={selectAll}
        >
          Select everything
        </Button>
      )}
      {selectable.length > 0 && (
        <Button
          size="compact-sm"
          variant="subtle"
          hiddenFrom="sm"
          flex="none"
          px={4}
          ml="auto"
          onClick={choose}
        >
          {props.choosing ? "Done" : "Select"}
        </Button>
      )}
    </Group>
  );
}

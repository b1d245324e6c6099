import {
  ActionIcon,
  Button,
  Group,
  SegmentedControl,
  Tooltip,
} from "@mantine/core";
import {
  type Icon,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconLayoutDistributeHorizontal,
  IconPlus,
} from "@tabler/icons-react";
import { arranged } from "./layout";
import type { Editing } from "./use-graph";

interface Props {
  editing: Editing;
  shape: "canvas" | "list";
  mayEdit: boolean;
  onShape: (shape: "canvas" | "list") => void;
  onAdd: () => void;
}

/** Above the graph: how it is shown, and what concerns all of it. */
export function EditorTools(props: Props) {
  const { editing, shape, mayEdit, onShape, onAdd } = props;
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="How it is shown"
        data={[
          { value: "canvas", label: "Canvas" },
          { value: "list", label: "List" },
        ]}
        value={shape}
        onChange={onShape}
      />
      {mayEdit && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={16} />}
            aria-keyshortcuts="a"
            title="Add a step (A)"
            onClick={onAdd}
          >
            Add a step
          </Button>
          <Tool
            label="Arrange"
            icon={IconLayoutDistributeHorizontal}
            onClick={() => editing.change(arranged(editing.graph))}
          />
          <Tool
            label="Undo"
            icon={IconArrowBackUp}
            disabled={!editing.mayUndo}
            onClick={editing.undo}
          />
          <Tool
            label="Redo"
            icon={IconArrowForwardUp}
            disabled={!editing.mayRedo}
            onClick={editing.redo}
          />
        </>
      )}
    </Group>
  );
}

interface ToolProps {
  label: string;
  icon: Icon;
  disabled?: boolean;
  onClick: () => void;
}

function Tool({ label, icon: Mark, disabled, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        <Mark size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

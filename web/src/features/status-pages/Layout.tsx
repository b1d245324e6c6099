import { Button, Group, Paper, Text } from "@mantine/core";
import {
  IconGripVertical,
  IconHeading,
  IconListDetails,
  IconPlus,
} from "@tabler/icons-react";
import { useState } from "react";
import type {
  Component,
  ComponentGroup,
  StatusPage,
} from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { MoveButtons } from "../../ui/MoveButtons";
import { useDrag } from "../../ui/use-drag";
import { ComponentForm } from "./ComponentForm";
import { ComponentLine } from "./ComponentLine";
import { GroupForm } from "./GroupForm";
import classes from "./Layout.module.css";
import { groupMoved, type Line, linesOf, moved } from "./layout";
import { useMay } from "./may";
import { useLayout } from "./use-layout";

type Dialog =
  | { what: "component"; kept?: Component }
  | { what: "group"; kept?: ComponentGroup };

/** The lines of a page in the order in which people read them. */
export function Layout({ page }: { page: StatusPage }) {
  const may = useMay(page);
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const addLine = (
    <Button
      leftSection={<IconPlus size={16} />}
      onClick={() => setDialog({ what: "component" })}
    >
      New component
    </Button>
  );
  const bare = page.components.length === 0 && page.groups.length === 0;
  return (
    <>
      {may.edit && !bare && (
        <Group gap="xs">
          {addLine}
          <Button
            variant="default"
            leftSection={<IconHeading size={16} />}
            onClick={() => setDialog({ what: "group" })}
          >
            New heading
          </Button>
        </Group>
      )}
      {bare ? (
        <Empty
          icon={<IconListDetails size={40} />}
          title="No components yet"
          action={may.edit && addLine}
        >
          A component is a line of the page, in words that people outside know:
          “Checkout”, “E-mail”. Mapped to the services behind it, it says by
          itself when they are in trouble.
        </Empty>
      ) : (
        <Lines page={page} mayEdit={may.edit} onOpen={setDialog} />
      )}
      {dialog?.what === "component" && (
        <ComponentForm page={page} component={dialog.kept} onClose={close} />
      )}
      {dialog?.what === "group" && (
        <GroupForm page={page} group={dialog.kept} onClose={close} />
      )}
    </>
  );
}

interface LinesProps {
  page: StatusPage;
  mayEdit: boolean;
  onOpen: (dialog: Dialog) => void;
}

function Lines({ page, mayEdit, onOpen }: LinesProps) {
  const lines = linesOf(page);
  const put = useLayout(page);
  const { handle, look } = useDrag((from, to) => put(moved(lines, from, to)));
  const groupIds = page.groups.map(({ id }) => id);
  const buttons = ({ kind, id }: Line, at: number, what: string) =>
    kind === "group" ? (
      <MoveButtons
        what={what}
        at={groupIds.indexOf(id)}
        count={groupIds.length}
        onMove={(to) => put(groupMoved(lines, id, to))}
        onRemove={null}
      />
    ) : (
      <MoveButtons
        what={what}
        at={at}
        count={lines.length}
        onMove={(to) => put(moved(lines, at, to))}
        onRemove={null}
      />
    );
  return (
    <Paper
      withBorder
      component="ol"
      className={classes.lines}
      aria-label="Components"
    >
      {lines.map((line, at) => {
        const component = page.components.find(({ id }) => id === line.id);
        const group = page.groups.find(({ id }) => id === line.id);
        return (
          <li
            key={line.id}
            className={classes.line}
            data-kind={line.kind}
            data-under={component?.group_id ? true : undefined}
            data-drag={look(at)}
          >
            {mayEdit && (
              // by keyboard there are the buttons
              <span className={classes.handle} aria-hidden {...handle(at)}>
                <IconGripVertical size={18} />
              </span>
            )}
            {group && (
              <Heading group={group} mayEdit={mayEdit} onOpen={onOpen} />
            )}
            {component && (
              <ComponentLine
                page={page}
                component={component}
                onEdit={() => onOpen({ what: "component", kept: component })}
              />
            )}
            {mayEdit && (
              <div className={classes.move}>
                {buttons(line, at, group?.name ?? component?.name ?? "it")}
              </div>
            )}
          </li>
        );
      })}
    </Paper>
  );
}

interface HeadingProps {
  group: ComponentGroup;
  mayEdit: boolean;
  onOpen: (dialog: Dialog) => void;
}

function Heading({ group, mayEdit, onOpen }: HeadingProps) {
  const { name, description, collapsed } = group;
  return (
    <div className={classes.main}>
      <Group gap="xs">
        <Text fw={700}>{name}</Text>
        {collapsed && (
          <Text size="sm" c="dimmed">
            folded while all is well
          </Text>
        )}
        {mayEdit && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`Edit ${name}`}
            onClick={() => onOpen({ what: "group", kept: group })}
          >
            Edit
          </Button>
        )}
      </Group>
      {description && (
        <Text size="sm" c="dimmed">
          {description}
        </Text>
      )}
    </div>
  );
}

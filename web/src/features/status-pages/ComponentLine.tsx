import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHandStop } from "@tabler/icons-react";
import type { Component, StatusPage } from "../../api/generated";
import { At } from "../../ui/Ago";
import { StateLabel } from "../../ui/StateLabel";
import classes from "./Layout.module.css";
import { useMay } from "./may";
import { OverrideForm } from "./OverrideForm";
import { STATES } from "./states";

interface Props {
  page: StatusPage;
  component: Component;
  onEdit: () => void;
}

/** A component: how it is, who says so, and what it follows. */
export function ComponentLine({ page, component, onEdit }: Props) {
  const may = useMay(page);
  const [overriding, { open, close }] = useDisclosure();
  const { name, state, override_state } = component;
  return (
    <div className={classes.main}>
      <Group gap="xs" justify="space-between">
        <Text fw={600}>{name}</Text>
        <StateLabel {...STATES[state]} />
      </Group>
      <Text size="sm" c="dimmed">
        {follows(component)}
      </Text>
      {override_state && <Override component={component} />}
      <Group gap={4} ml={-8}>
        {may.publish && (
          <Button variant="subtle" size="compact-sm" onClick={open}>
            {override_state
              ? "Change or end what is said by hand"
              : "Set by hand"}
          </Button>
        )}
        {may.edit && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`Edit ${name}`}
            onClick={onEdit}
          >
            Edit
          </Button>
        )}
      </Group>
      {overriding && <OverrideForm component={component} onClose={close} />}
    </div>
  );
}

function Override({ component }: { component: Component }) {
  const { override_state, override_until, override_by } = component;
  if (!override_state) return null;
  const word = STATES[override_state].word.toLowerCase();
  return (
    <Text size="sm">
      <IconHandStop size={14} aria-hidden /> Set to {word}
      {override_by && ` by ${override_by.name}`},{" "}
      {override_until ? (
        <>
          until <At at={override_until} />
        </>
      ) : (
        "until somebody ends it"
      )}
    </Text>
  );
}

/** What decides the state, in words. */
function follows({ services, condition, only_show_if_degraded }: Component) {
  const what = [
    services.length > 0 && services.map(({ name }) => name).join(", "),
    condition && "alerts that fit a condition",
  ].filter(Boolean);
  const shown = only_show_if_degraded ? " · shown only in trouble" : "";
  return what.length === 0
    ? `Follows nothing: set by hand and by what you publish${shown}`
    : `Follows ${what.join(" and ")}${shown}`;
}

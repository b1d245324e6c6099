import { Group, Paper, Switch, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowDownRight,
  IconGripVertical,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { putRoutingRule, type RoutingRule } from "../../api/generated";
import { oneServiceQuery } from "../../api/queries";
import { inWords } from "../../ui/conditions";
import { TextLink } from "../../ui/links";
import { MoveButtons } from "../../ui/MoveButtons";
import { StateLabel } from "../../ui/StateLabel";
import { useDrag } from "../../ui/use-drag";
import { actionsInWords } from "./actions";
import { FIELDS } from "./conditions";
import classes from "./Rules.module.css";
import { useReorder } from "./use-reorder";

interface Props {
  teamId: string | null;
  name: string;
  mayEdit: boolean;
  rules: RoutingRule[];
}

/** The rules of one list, in the order in which they are asked. */
export function RuleList({ teamId, name, mayEdit, rules }: Props) {
  const move = useReorder(teamId, rules);
  const { handle, look } = useDrag(move);
  const movable = mayEdit && rules.length > 1;
  return (
    <Paper
      withBorder
      component="ol"
      className={classes.rules}
      aria-label={`Rules: ${name}`}
    >
      {rules.map((rule, at) => (
        <li
          key={rule.id}
          className={`${classes.rule} ${rule.enabled ? "" : classes.off}`}
          data-drag={look(at)}
        >
          <div className={classes.place}>
            {movable && (
              // by keyboard there are the buttons
              <span className={classes.handle} aria-hidden {...handle(at)}>
                <IconGripVertical size={18} />
              </span>
            )}
            <Text size="sm">{at + 1}</Text>
          </div>
          <div className={classes.main}>
            <RuleInWords rule={rule} mayEdit={mayEdit} />
          </div>
          {mayEdit && (
            <div className={classes.side}>
              <OnOff rule={rule} />
              <MoveButtons
                what={rule.name}
                at={at}
                count={rules.length}
                onMove={(to) => move(at, to)}
                onRemove={null}
              />
            </div>
          )}
        </li>
      ))}
    </Paper>
  );
}

function RuleInWords({
  rule,
  mayEdit,
}: {
  rule: RoutingRule;
  mayEdit: boolean;
}) {
  const { id, name, enabled, continues, failures, last_failure } = rule;
  return (
    <>
      <Group gap="xs">
        {mayEdit ? (
          <TextLink to="/routing/$ruleId" params={{ ruleId: id }} fw={600}>
            {name}
          </TextLink>
        ) : (
          <Text fw={600}>{name}</Text>
        )}
        {!enabled && (
          <Text size="sm" c="dimmed">
            off
          </Text>
        )}
      </Group>
      <Text size="sm" className={classes.words}>
        <Condition rule={rule} />
      </Text>
      <Text size="sm" c="dimmed" className={classes.words}>
        <WhatItDoes rule={rule} />
      </Text>
      {continues && (
        <Group gap={4} c="dimmed" wrap="nowrap" className={classes.words}>
          <IconArrowDownRight size={14} aria-hidden style={{ flex: "none" }} />
          <Text size="sm">then the rules below are asked as well</Text>
        </Group>
      )}
      {failures > 0 && (
        <>
          <StateLabel
            tone="yellow"
            icon={IconAlertTriangle}
            word={`Could not be worked out ${failures === 1 ? "once" : `${failures} times`}`}
          />
          {last_failure && (
            <Text size="sm" c="dimmed" ff="monospace">
              {last_failure}
            </Text>
          )}
        </>
      )}
    </>
  );
}

function Condition({ rule: { builder, condition } }: { rule: RoutingRule }) {
  if (builder && builder.lines.length > 0)
    return <>If {inWords(builder, FIELDS)}</>;
  if (!condition?.trim()) return <>Whatever it is</>;
  return (
    <>
      If{" "}
      <Text span ff="monospace" size="sm">
        {condition}
      </Text>
    </>
  );
}

function WhatItDoes({ rule: { actions } }: { rule: RoutingRule }) {
  const { service_id } = actions;
  const words = actionsInWords(actions);
  return (
    <>
      {service_id && (
        <>
          send it to <ServiceName id={service_id} />
          {words.length > 0 && " · "}
        </>
      )}
      {words.join(" · ")}
    </>
  );
}

function ServiceName({ id }: { id: string }) {
  const { data, isError } = useQuery(oneServiceQuery(id));
  return (
    <TextLink to="/services/$serviceId" params={{ serviceId: id }} inherit>
      {data?.name ?? (isError ? "a service that is gone" : "…")}
    </TextLink>
  );
}

function OnOff({ rule }: { rule: RoutingRule }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (enabled: boolean) => {
      const { name, condition, builder, actions, continues } = rule;
      return putRoutingRule({
        path: { rule_id: rule.id },
        body: { name, condition, builder, actions, continues, enabled },
      });
    },
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["routing-rules"] }),
  });
  return (
    <Switch
      aria-label={`${rule.name} is on`}
      checked={rule.enabled ?? true}
      disabled={isPending}
      onChange={(event) => mutate(event.currentTarget.checked)}
    />
  );
}

import { Button, Center } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { IncidentOut as Incident } from "../../api/generated";
import { canActOn, useMe } from "../../me";
import { LoadMore } from "../../ui/LoadMore";
import classes from "./IncidentList.module.css";
import { IncidentRow } from "./IncidentRow";
import { ListHead } from "./ListHead";
import { useHeldBack } from "./use-held-back";
import { useRowKeys } from "./use-row-keys";
import { useVerb } from "./use-verb";
import { inAnHour, type Verb } from "./verbs";

interface Props {
  incidents: readonly Incident[];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  /** also what is not loaded yet */
  onSelectAll: () => Promise<void>;
  more: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
}

/** Dense rows: one line on a desktop, two on a phone. */
export function IncidentList(props: Props) {
  const { incidents, selected, onSelect, onSelectAll, more } = props;
  const [choosing, setChoosing] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const me = useMe();
  const { act } = useVerb();
  const { shown, held, showAll } = useHeldBack(
    incidents,
    list,
    selected.size > 0,
  );

  const mayAct = (incident: Incident) => canActOn(me, incident);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const actOn = (verb: Verb) => (id: string) => {
    const incident = shown.find((each) => each.id === id);
    if (incident && mayAct(incident)) act(verb, incident);
  };
  const selectable = shown.filter(mayAct).map(({ id }) => id);
  useRowKeys(list, {
    x: (id) => selectable.includes(id) && toggle(id),
    a: actOn({ do: "acknowledge" }),
    r: actOn({ do: "resolve" }),
    s: (id) => actOn({ do: "snooze", until: inAnHour(Date.now()) })(id),
  });

  return (
    <div className={classes.frame}>
      {held > 0 && (
        <Center className={classes.pill}>
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={showAll}
          >
            {held} new
          </Button>
        </Center>
      )}
      <ListHead
        shown={shown.length}
        hasMore={more.hasNextPage}
        selectable={selectable}
        selected={selected}
        onSelect={onSelect}
        onSelectAll={onSelectAll}
        choosing={choosing}
        onChoosing={setChoosing}
      />
      <ul
        ref={list}
        className={classes.list}
        aria-label="Incidents"
        data-choosing={choosing || undefined}
      >
        {shown.map((incident) => (
          <IncidentRow
            key={incident.id}
            incident={incident}
            selected={selected.has(incident.id)}
            choosing={choosing}
            {...(mayAct(incident) && {
              onToggle: () => toggle(incident.id),
              onAct: (verb: Verb) => act(verb, incident),
            })}
          />
        ))}
      </ul>
      <LoadMore {...more} />
    </div>
  );
}

import {
  type Dispatch,
  type FocusEvent,
  type RefObject,
  type SetStateAction,
  useCallback,
  useMemo,
  useState,
} from "react";
import { flushSync } from "react-dom";
import type { IncidentOut as Incident } from "../../api/generated";
import { canActOn, useMe } from "../../me";
import classes from "./IncidentList.module.css";
import { IncidentRow } from "./IncidentRow";
import { focusRow, useRowKeys } from "./use-row-keys";
import { useVerb } from "./use-verb";
import { useWindow } from "./use-window";
import { inAnHour, type Verb } from "./verbs";

interface Props {
  list: RefObject<HTMLUListElement | null>;
  incidents: readonly Incident[];
  /** there are more, and nobody has counted them */
  hasMore: boolean;
  selected: ReadonlySet<string>;
  onSelect: Dispatch<SetStateAction<ReadonlySet<string>>>;
  choosing: boolean;
}

/** The rows themselves; of very many, those that are seen and the one that has the focus. */
export function IncidentRows(props: Props) {
  const { list, incidents, hasMore, selected, onSelect, choosing } = props;
  const me = useMe();
  const { act } = useVerb();
  const [focused, setFocused] = useState<string>();
  const { rowPx, first, end } = useWindow(list, incidents);
  const ids = useMemo(() => incidents.map(({ id }) => id), [incidents]);

  const toggle = useCallback(
    (id: string) =>
      onSelect((before) => {
        const next = new Set(before);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [onSelect],
  );
  const onMine = (does: (incident: Incident) => void) => (id: string) => {
    const incident = incidents[ids.indexOf(id)];
    if (incident && canActOn(me, incident)) does(incident);
  };
  const focus = (id: string) => {
    // drawn first, wherever it is
    flushSync(() => setFocused(id));
    focusRow(list, id);
  };
  const firstSeen = () => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    return rowPx ? Math.max(0, Math.ceil(-top / rowPx)) : 0;
  };
  useRowKeys(
    list,
    { ids, firstSeen, focus },
    {
      x: onMine(({ id }) => toggle(id)),
      a: onMine((incident) => act({ do: "acknowledge" }, incident)),
      r: onMine((incident) => act({ do: "resolve" }, incident)),
      s: onMine((incident) =>
        act({ do: "snooze", until: inAnHour(Date.now()) }, incident),
      ),
    },
  );

  const kept = rowPx && focused ? ids.indexOf(focused) : -1;
  return (
    <ul
      ref={list}
      className={classes.list}
      aria-label="Incidents"
      data-choosing={choosing || undefined}
      data-windowed={rowPx ? true : undefined}
      style={rowPx ? { height: incidents.length * rowPx } : undefined}
      onFocus={({ target }) => setFocused(rowOf(target))}
      onBlur={(event) => leaves(event) && setFocused(undefined)}
    >
      {placesOf(first, end, kept).map((place) => {
        const incident = incidents[place];
        return (
          incident && (
            <IncidentRow
              key={incident.id}
              incident={incident}
              selected={selected.has(incident.id)}
              choosing={choosing}
              mayAct={canActOn(me, incident)}
              onToggle={toggle}
              onAct={act}
              {...(rowPx && {
                top: place * rowPx,
                place: place + 1,
                of: hasMore ? -1 : incidents.length,
              })}
            />
          )
        );
      })}
    </ul>
  );
}

/** The places from `first` to before `end`, and `kept` if it is one, in order. */
function placesOf(first: number, end: number, kept: number): number[] {
  const inside = Array.from({ length: end - first }, (_, n) => first + n);
  if (kept < 0 || (kept >= first && kept < end)) return inside;
  return kept < first ? [kept, ...inside] : [...inside, kept];
}

function rowOf(target: Element): string | undefined {
  const row = target.closest("li")?.querySelector<HTMLElement>("a[data-row]");
  return row?.dataset.row;
}

/** Does the focus leave the list? It does not if only the window loses it. */
function leaves({ currentTarget, relatedTarget }: FocusEvent): boolean {
  return !(
    relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
  );
}

export type Act = (verb: Verb, incident: Incident) => void;

import { Badge, Checkbox, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { IncidentOut as Incident } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { StateLabel } from "../../ui/StateLabel";
import { Swipe } from "../../ui/Swipe";
import { EscalationRing } from "./EscalationRing";
import classes from "./IncidentList.module.css";
import { NotSent } from "./NotSent";
import { lookOf, whoHas } from "./state";
import type { Verb } from "./verbs";

interface Props {
  incident: Incident;
  selected: boolean;
  /** a tap selects instead of opening */
  choosing: boolean;
  /** if not, it is only to look at */
  mayAct: boolean;
  onToggle: (id: string) => void;
  onAct: (verb: Verb, incident: Incident) => void;
  /** of one among very many: where it stands, in px and counted from 1, and of how many */
  top?: number;
  place?: number;
  of?: number;
}

/** Drawn again only when something of it has changed. */
export const IncidentRow = memo(function Row(props: Props) {
  const { incident, selected, choosing, mayAct, onToggle, onAct } = props;
  const { number, title, status, service } = incident;
  const toggle = () => onToggle(incident.id);
  const act = (verb: "acknowledge" | "resolve") => () =>
    onAct({ do: verb }, incident);
  const swipes = mayAct && {
    right:
      status === "triggered"
        ? { label: "Acknowledge", run: act("acknowledge") }
        : undefined,
    left:
      status === "resolved"
        ? undefined
        : { label: "Resolve", run: act("resolve") },
  };
  return (
    <li
      className={classes.item}
      data-selected={selected || undefined}
      style={{ top: props.top }}
      aria-posinset={props.place}
      aria-setsize={props.of}
    >
      <Swipe {...swipes}>
        <div className={classes.row}>
          <span className={classes.check}>
            {mayAct && (
              <Checkbox
                size="xs"
                aria-label={`Select incident ${number}`}
                checked={selected}
                onChange={toggle}
              />
            )}
          </span>
          <span className={classes.state}>
            <StateLabel {...lookOf(incident)} />
            <NotSent incidentId={incident.id} />
          </span>
          <span className={classes.number}>#{number}</span>
          <span className={classes.priority}>
            {incident.priority && (
              <Badge variant="default" radius="sm" size="sm">
                {incident.priority}
              </Badge>
            )}
          </span>
          <Link
            to="/incidents/$incidentId"
            params={{ incidentId: String(number) }}
            className={classes.title}
            data-row={incident.id}
            onClick={(event) => {
              if (!choosing) return;
              event.preventDefault();
              if (mayAct) toggle();
            }}
          >
            {title}
          </Link>
          <span className={classes.service}>{service.name}</span>
          <span className={classes.who}>{whoHas(incident)}</span>
          <Alerts {...incident} />
          <span className={classes.age}>
            <Ago at={incident.opened_at} />
          </span>
          <span className={classes.ring}>
            <EscalationRing incident={incident} />
          </span>
        </div>
      </Swipe>
    </li>
  );
});

function Alerts(props: Pick<Incident, "alert_count" | "occurrences">) {
  const { alert_count: count, occurrences } = props;
  if (count === 0) return <span className={classes.alerts} />;
  return (
    <Text span className={classes.alerts} inherit>
      {count === 1 ? "1 alert" : `${count} alerts`}
      {occurrences > count && (
        <span title={`received ${occurrences} times`}> ×{occurrences}</span>
      )}
    </Text>
  );
}

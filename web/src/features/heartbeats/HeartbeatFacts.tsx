import { Text } from "@mantine/core";
import type { Heartbeat } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";
import { rhythm, STATES, why } from "./look";

/** How a heartbeat is, and what is expected of it. */
export function HeartbeatFacts({ heartbeat }: { heartbeat: Heartbeat }) {
  const { state, service, team, incident_id, last_ping_at } = heartbeat;
  const { last_duration_s, started_at, tags, ping_count } = heartbeat;
  const reason = why(heartbeat);
  return (
    <Facts>
      <Fact name="State">
        <StateLabel {...STATES[state]} />
        {reason && (
          <Text size="sm" c="dimmed">
            {reason.charAt(0).toUpperCase() + reason.slice(1)}.
          </Text>
        )}
        <Ahead heartbeat={heartbeat} />
      </Fact>
      {incident_id && (
        <Fact name="Incident">
          <TextLink
            to="/incidents/$incidentId"
            params={{ incidentId: incident_id }}
            inherit
          >
            Open the incident
          </TextLink>
        </Fact>
      )}
      <Fact name="Pings">{rhythm(heartbeat)}</Fact>
      <Fact name="Last ping">
        {last_ping_at ? <Ago at={last_ping_at} /> : "none yet"}
        {last_duration_s !== null &&
          `, the run took ${duration(last_duration_s)}`}
        {ping_count > 0 && ` · ${ping_count.toLocaleString()} in all`}
      </Fact>
      {started_at && (
        <Fact name="Running">
          since <Ago at={started_at} />
        </Fact>
      )}
      <Fact name="Service">
        <TextLink
          to="/services/$serviceId"
          params={{ serviceId: service.id }}
          inherit
        >
          {service.name}
        </TextLink>{" "}
        of {team.name}, severity {heartbeat.severity}
      </Fact>
      {tags.length > 0 && <Fact name="Tags">{tags.join(", ")}</Fact>}
    </Facts>
  );
}

/** What happens next if nothing comes. */
function Ahead({ heartbeat }: { heartbeat: Heartbeat }) {
  const { state, expected_at, down_at } = heartbeat;
  if (state === "new")
    return (
      <Text size="sm" c="dimmed">
        Nothing is expected of it until its first ping.
      </Text>
    );
  if (state === "paused")
    return (
      <Text size="sm" c="dimmed">
        {heartbeat.manual_resume
          ? "Nothing is expected until somebody resumes it."
          : "Nothing is expected until its next ping, or until somebody resumes it."}
      </Text>
    );
  if (!down_at) return null;
  return (
    <Text size="sm" c="dimmed">
      {expected_at && (
        <>
          Its ping {state === "late" ? "was" : "is"} due{" "}
          <Ago at={expected_at} />;{" "}
        </>
      )}
      people are paged <Ago at={down_at} /> (<At at={down_at} />) if none comes.
    </Text>
  );
}

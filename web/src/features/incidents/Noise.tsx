import { Button, Text } from "@mantine/core";
import { IconArrowBackUp, IconVolumeOff } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  deleteIncidentNoise,
  getIncidentNoise,
  type IncidentDetail,
  type NoiseProposal,
  putIncidentNoise,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { ButtonLink } from "../../ui/links";
import { Section } from "../../ui/Section";

/** Should nobody have been paged? Said often enough, it becomes the proposal of a rule. */
export function Noise({ incident }: { incident: IncidentDetail }) {
  const queryClient = useQueryClient();
  const queryKey = ["incident", incident.id, "noise"];
  const path = { incident_id: incident.id };
  const said = useQuery({
    queryKey,
    queryFn: ({ signal }) => getIncidentNoise({ path, signal }),
  }).data;
  const { mutate, isPending } = useMutation({
    mutationFn: (noise: boolean) =>
      noise ? putIncidentNoise({ path }) : deleteIncidentNoise({ path }),
    onSuccess: (now) => queryClient.setQueryData(queryKey, now),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["noise-proposals"] }),
  });
  // a person reported it: no tool to keep quiet
  if (!said || incident.alert_count === 0) return null;
  const { people, mine, enough, proposals } = said;
  if (!incident.can_respond && people.length === 0) return null;
  return (
    <Section title="Was it worth a page?">
      {people.length > 0 && (
        <Text size="sm">
          {people.map(({ name }) => name).join(", ")} called it noise.
        </Text>
      )}
      {incident.can_respond && (
        <>
          <Button
            variant="default"
            size="xs"
            style={{ alignSelf: "start" }}
            loading={isPending}
            leftSection={
              mine ? <IconArrowBackUp size={16} /> : <IconVolumeOff size={16} />
            }
            onClick={() => mutate(!mine)}
          >
            {mine ? "It was no noise after all" : "This page was noise"}
          </Button>
          {proposals.length === 0 && (
            <Text size="xs" c="dimmed">
              After {enough} noisy incidents of one condition a rule is proposed
              that keeps it quiet.
            </Text>
          )}
        </>
      )}
      {proposals.map((proposal) => (
        <Proposed key={proposal.id} proposal={proposal} />
      ))}
    </Section>
  );
}

function Proposed({ proposal }: { proposal: NoiseProposal }) {
  const mayEdit = canEditTeam(useMe(), proposal.team.id);
  const { id, title, incidents, remedy } = proposal;
  return (
    <>
      <Text size="sm">
        “{title}” was noise {incidents} times.{" "}
        {remedy === "suppress"
          ? "A rule could suppress it."
          : "A rule could make it wake nobody."}
      </Text>
      {mayEdit ? (
        <ButtonLink
          to="/routing/$ruleId"
          params={{ ruleId: "new" }}
          search={{ noise: id }}
          size="xs"
          variant="light"
          style={{ alignSelf: "start" }}
        >
          Look at the rule
        </ButtonLink>
      ) : (
        <Text size="xs" c="dimmed">
          An admin of {proposal.team.name} can make it.
        </Text>
      )}
    </>
  );
}

import { Button, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type NoiseProposal,
  putNoiseProposalSettlement,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { ButtonLink, TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { proposalsQuery } from "./queries";

/** Rules that are proposed because people called pages noise; nothing without any. */
export function Proposals() {
  const me = useMe();
  const proposals = useQuery(proposalsQuery).data ?? [];
  const mine = proposals.filter(({ team }) => canEditTeam(me, team.id));
  if (mine.length === 0) return null;
  return (
    <Section title="Proposed: people called it noise">
      <Rows label="Proposed rules">
        {mine.map((proposal) => (
          <Proposed key={proposal.id} proposal={proposal} />
        ))}
      </Rows>
    </Section>
  );
}

function Proposed({ proposal }: { proposal: NoiseProposal }) {
  const { id, title, service, incidents, people, last_at, remedy } = proposal;
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      putNoiseProposalSettlement({
        path: { proposal_id: id },
        body: { settled_as: "dismissed" },
      }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: proposalsQuery.queryKey }),
  });
  return (
    <Row
      main={
        <>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            <TextLink
              to="/services/$serviceId"
              params={{ serviceId: service.id }}
              inherit
            >
              {service.name}
            </TextLink>
            : noise in {incidents} incidents, said by{" "}
            {people === 1 ? "one person" : `${people} people`}, last{" "}
            <Ago at={last_at} />
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm">
            {remedy === "suppress" ? "Suppress it" : "Make it wake nobody"}
          </Text>
          <ButtonLink
            to="/routing/$ruleId"
            params={{ ruleId: "new" }}
            search={{ noise: id }}
            size="xs"
            variant="light"
          >
            Look at the rule
          </ButtonLink>
          <Button
            size="xs"
            variant="default"
            loading={isPending}
            onClick={() => mutate()}
          >
            No rule
          </Button>
        </>
      }
    />
  );
}

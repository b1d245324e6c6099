import { Text } from "@mantine/core";
import { IconPlus, IconStairsUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { EscalationPolicy } from "../../api/generated";
import { policiesQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { TeamFirst } from "../../ui/TeamFirst";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { sentence } from "./words";

/** Whom to page, in which order: every policy in words. */
export function PoliciesPage() {
  const query = useQuery(policiesQuery);
  const mayAdd = useEditableTeams().length > 0;
  const add = mayAdd && (
    <ButtonLink
      to="/policies/$policyId"
      params={{ policyId: "new" }}
      leftSection={<IconPlus size={16} />}
    >
      New policy
    </ButtonLink>
  );
  return (
    <Page title="Escalation policies" actions={add}>
      <Loaded what="The policies" query={query}>
        {(policies) =>
          policies.length === 0 ? (
            <Empty
              icon={<IconStairsUp size={40} />}
              title="No policies yet"
              action={add || <TeamFirst />}
            >
              A policy says whom an incident pages first, how long they have,
              and who is next if they do not answer.
            </Empty>
          ) : (
            <Rows label="Escalation policies">
              {policies.map((policy) => (
                <PolicyRow key={policy.id} policy={policy} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Page>
  );
}

function PolicyRow({ policy }: { policy: EscalationPolicy }) {
  const users = policy.services.length;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/policies/$policyId"
            params={{ policyId: policy.id }}
            fw={600}
          >
            {policy.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {sentence(policy)}
          </Text>
        </>
      }
      side={
        <Text size="sm" c="dimmed">
          {policy.team.name} ·{" "}
          {users === 0
            ? "not used"
            : users === 1
              ? `used by ${policy.services[0]?.name}`
              : `used by ${users} services`}
        </Text>
      }
    />
  );
}

import { Group, Stack, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  deleteEscalationPolicy,
  type EscalationPolicy,
} from "../../api/generated";
import { explainQuery, policiesQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { PolicyFindings } from "../../ui/PolicyFindings";
import { Section } from "../../ui/Section";
import { WithTeam } from "../../ui/TeamFirst";
import { toastDone } from "../../ui/toast";
import { type Asked, NOW, questionOf } from "./asked";
import classes from "./Editor.module.css";
import { PolicyEditor } from "./PolicyEditor";
import { Preview } from "./Preview";
import { policyQuery } from "./queries";
import { Steps } from "./Steps";
import { sentence } from "./words";

/** One policy, to read or to change, or a new one. */
export function PolicyPage() {
  const { policyId } = useParams({ from: "/frame/policies/$policyId" });
  if (policyId === "new") return <NewPolicy />;
  return <ExistingPolicy id={policyId} />;
}

function NewPolicy() {
  const navigate = useNavigate();
  return (
    <Page title="New escalation policy">
      <WithTeam>
        {(team) => (
          <PolicyEditor
            teamId={team.id}
            onCancel={() => void navigate({ to: "/policies" })}
            onSaved={({ id }) => {
              toastDone("The policy is there: let your services use it");
              return navigate({
                to: "/policies/$policyId",
                params: { policyId: id },
              });
            }}
          />
        )}
      </WithTeam>
    </Page>
  );
}

function ExistingPolicy({ id }: { id: string }) {
  const search: Record<string, string> = useSearch({
    from: "/frame/policies/$policyId",
  });
  const me = useMe();
  const navigate = useNavigate();
  const query = useQuery(policyQuery(id));
  const read = () =>
    navigate({ to: "/policies/$policyId", params: { policyId: id } });
  const policy = query.data;
  if (!policy)
    return (
      <Page title="Escalation policy">
        <Loaded what="The policy" query={query}>
          {() => null}
        </Loaded>
      </Page>
    );
  const mayEdit = canEditTeam(me, policy.team.id);
  if (mayEdit && search.edit)
    return (
      <Page title={`Change ${policy.name}`}>
        <PolicyEditor
          policy={policy}
          teamId={policy.team.id}
          onCancel={() => void read()}
          onSaved={read}
        />
      </Page>
    );
  return <OnePolicy policy={policy} mayEdit={mayEdit} />;
}

interface Props {
  policy: EscalationPolicy;
  mayEdit: boolean;
}

function OnePolicy({ policy, mayEdit }: Props) {
  const [asked, onAsk] = useState<Asked>(NOW);
  const { data, error, isFetching } = useQuery(
    explainQuery({ ...questionOf(asked), policy_id: policy.id }),
  );
  const findings = data?.stories[0]?.findings ?? [];
  return (
    <Page
      title={policy.name}
      actions={
        mayEdit && (
          <>
            <ButtonLink
              to="/policies/$policyId"
              params={{ policyId: policy.id }}
              search={{ edit: "1" }}
              variant="default"
              leftSection={<IconPencil size={16} />}
            >
              Edit
            </ButtonLink>
            <DeletePolicy policy={policy} />
          </>
        )
      }
    >
      <Text>{sentence(policy)}</Text>
      <div className={classes.editor}>
        <Stack gap="sm">
          <Steps policy={policy} />
          <PolicyFindings
            findings={findings.filter(({ step }) => step !== null)}
          />
        </Stack>
        <div className={classes.preview}>
          <Section title="What this does">
            <Preview
              asked={asked}
              onAsk={onAsk}
              answer={data}
              error={error}
              isFetching={isFetching}
            />
          </Section>
        </div>
      </div>
      <Section title="Used by">
        {policy.services.length === 0 ? (
          <Text size="sm" c="dimmed">
            No service yet. Choose this policy on a service’s page.
          </Text>
        ) : (
          <Group gap="md">
            {policy.services.map(({ id, name }) => (
              <TextLink
                key={id}
                to="/services/$serviceId"
                params={{ serviceId: id }}
              >
                {name}
              </TextLink>
            ))}
          </Group>
        )}
        <Text size="sm" c="dimmed">
          Kept by the {policy.team.name} team. Incidents that escalate already
          go on as the policy was when they opened.
        </Text>
      </Section>
    </Page>
  );
}

function DeletePolicy({ policy }: { policy: EscalationPolicy }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the policy"
      name={policy.name}
      run={async () => {
        await deleteEscalationPolicy({ path: { policy_id: policy.id } });
        await navigate({ to: "/policies" });
        await queryClient.invalidateQueries({
          queryKey: policiesQuery.queryKey,
        });
      }}
    >
      {policy.services.length > 0
        ? `It pages for ${policy.services.map(({ name }) => name).join(", ")}: first choose another policy there.`
        : "Services can no longer choose it. This cannot be taken back."}
    </DeleteButton>
  );
}

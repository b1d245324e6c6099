import { Code, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { RunbookDetail, VersionOut } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Markdown } from "../../ui/Markdown";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { Approvals } from "./Approvals";
import { Comments } from "./Comments";
import { ContentFacts } from "./ContentFacts";
import { Diff } from "./Diff";
import { Emergencies } from "./Emergencies";
import { ParametersPreview } from "./ParametersPreview";
import { runbookQuery, versionQuery } from "./queries";
import { VersionVerbs } from "./VersionVerbs";
import { VERSION_STATES } from "./words";

/** One version: what changes, all of it, and who says yes. */
export function VersionPage() {
  const { runbookId, number } = useParams({
    from: "/frame/runbooks/$runbookId/versions/$number",
  });
  const runbook = useQuery(runbookQuery(runbookId));
  const version = useQuery(versionQuery(runbookId, Number(number)));
  if (runbook.data && version.data)
    return <OneVersion runbook={runbook.data} version={version.data} />;
  return (
    <Page title="Version">
      <Loaded what="The version" query={version}>
        {() => null}
      </Loaded>
    </Page>
  );
}

interface Props {
  runbook: RunbookDetail;
  version: VersionOut;
}

function OneVersion({ runbook, version }: Props) {
  const { number, content, author, note } = version;
  return (
    <Page
      title={`${content.name}, version ${number}`}
      actions={<VersionVerbs runbook={runbook} version={version} />}
    >
      <Stack gap={6}>
        <Group gap="md">
          <StateLabel {...VERSION_STATES[version.state]} />
          <Text size="sm" c="dimmed">
            Written by {author.name}, <Ago at={version.created_at} />
          </Text>
          <TextLink
            to="/runbooks/$runbookId"
            params={{ runbookId: runbook.id }}
            size="sm"
          >
            Back to the runbook
          </TextLink>
        </Group>
        {note && <Text size="sm">“{note}”</Text>}
        <Next runbook={runbook} version={version} />
      </Stack>
      <Emergencies runbook={runbook} version={version} />
      <Diff runbookId={runbook.id} number={number} target={content.target} />
      <Approvals version={version} />
      <Section title="What runs">
        <ContentFacts content={content} />
      </Section>
      <Section title="Parameters">
        <ParametersPreview
          key={version.content_hash}
          schema={content.parameters}
        />
        <details>
          <summary>
            <Text span size="sm">
              As they are kept
            </Text>
          </summary>
          <Code block mt="xs">
            {JSON.stringify(content.parameters, null, 2)}
          </Code>
        </details>
      </Section>
      <Section title="Description">
        {content.description ? (
          <Markdown text={content.description} />
        ) : (
          <Text size="sm" c="dimmed">
            None.
          </Text>
        )}
      </Section>
      <Comments runbook={runbook} version={version} />
    </Page>
  );
}

/** What has to happen for it to run. */
function Next({ runbook, version }: Props) {
  const { state, may_approve } = version;
  if (state === "draft")
    return (
      <Text size="sm" c="dimmed">
        Send it to review when it is finished: only what somebody else has
        approved runs.
      </Text>
    );
  if (state !== "in_review") return null;
  return (
    <Text size="sm" c="dimmed">
      {may_approve
        ? "It waits for you: read what changes, then approve it or send it back."
        : `It waits for somebody else: an admin of ${runbook.team?.name ?? "the installation"}, or whom they have named. Nobody approves what they have written.`}
    </Text>
  );
}

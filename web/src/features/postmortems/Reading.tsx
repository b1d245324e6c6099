import { Badge, Grid, Group, Stack, Text } from "@mantine/core";
import type { PostmortemDetail } from "../../api/generated";
import { At } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { Markdown } from "../../ui/Markdown";
import { Section } from "../../ui/Section";
import { duration } from "../../ui/time";
import { ActionItems } from "./ActionItems";
import { ChosenIncidents } from "./ChosenIncidents";
import { contentOf, type Impact, shown } from "./content";
import { Story } from "./Story";
import { Versions } from "./Versions";
import { lasted } from "./words";

/** A postmortem as it is read. */
export function Reading({ postmortem }: { postmortem: PostmortemDetail }) {
  const { summary, body, impact, timeline, tags } = contentOf(
    postmortem.content,
  );
  return (
    <Grid gap={{ base: "md", md: "xl" }}>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="lg">
          {summary && <Text style={{ whiteSpace: "pre-wrap" }}>{summary}</Text>}
          <Markdown text={body} />
          <Section title="Timeline">
            <Story lines={shown(timeline)} />
          </Section>
          <ActionItems postmortem={postmortem} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="lg">
          <Section title="Impact">
            <Numbers impact={impact} />
          </Section>
          <Section title="Incidents">
            <ChosenIncidents incidents={postmortem.incidents} />
          </Section>
          {tags.length > 0 && (
            <Group gap={4} aria-label="Tags" role="group">
              {tags.map((tag) => (
                <Badge key={tag} variant="light" color="gray" tt="none">
                  {tag}
                </Badge>
              ))}
            </Group>
          )}
          <Versions postmortem={postmortem} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Numbers({ impact }: { impact: Impact }) {
  const { started_at, acknowledged_at, resolved_at, people, note } = impact;
  const taken = acknowledged_at
    ? duration((Date.parse(acknowledged_at) - Date.parse(started_at)) / 1000)
    : undefined;
  return (
    <Stack gap="xs">
      {note && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {note}
        </Text>
      )}
      <Facts>
        <Fact name="Began">
          <At at={started_at} />
        </Fact>
        {acknowledged_at && (
          <Fact name="Acknowledged">
            <At at={acknowledged_at} /> (after {taken})
          </Fact>
        )}
        <Fact name="Ended">
          {resolved_at ? <At at={resolved_at} /> : "not yet"}
        </Fact>
        {resolved_at && (
          <Fact name="Lasted">{lasted(started_at, resolved_at)}</Fact>
        )}
        <Fact name="Alerts">
          {impact.alerts}
          {impact.folded > 0 && `, and ${impact.folded} repeats folded`}
        </Fact>
        {people.length > 0 && <Fact name="People">{people.join(", ")}</Fact>}
      </Facts>
    </Stack>
  );
}

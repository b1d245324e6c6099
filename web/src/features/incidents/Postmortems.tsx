import { Group, Stack, Text } from "@mantine/core";
import { IconReportSearch } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import {
  type IncidentDetail,
  listPostmortems,
  type PostmortemState,
} from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";

const WORDS: Record<PostmortemState, string> = {
  draft: "draft",
  in_review: "in review",
  published: "published",
};

function aboutQuery(incidentId: string) {
  return queryOptions({
    queryKey: ["postmortems", "about", incidentId],
    queryFn: ({ signal }) =>
      listPostmortems({ query: { incident_id: incidentId }, signal }),
    select: ({ items }) => items,
  });
}

/** What was learned from it, and the way to begin; nothing while it goes on. */
export function Postmortems({ incident }: { incident: IncidentDetail }) {
  const { id, status, can_respond } = incident;
  const query = useQuery(aboutQuery(id));
  const isOver = status === "resolved";
  if (!isOver && !query.data?.length) return null;
  return (
    <Section title="Postmortem">
      <Loaded what="The postmortems" query={query}>
        {(found) => (
          <>
            {found.length === 0 && (
              <Text size="sm" c="dimmed">
                Nothing was written yet.
              </Text>
            )}
            <Stack component="ul" gap={4} p={0} m={0}>
              {found.map((each) => (
                <Group key={each.id} component="li" gap="xs">
                  <TextLink
                    to="/postmortems/$postmortemId"
                    params={{ postmortemId: each.id }}
                    size="sm"
                  >
                    {each.title}
                  </TextLink>
                  <Text size="sm" c="dimmed">
                    {WORDS[each.state]}
                  </Text>
                </Group>
              ))}
            </Stack>
            {isOver && can_respond && found.length === 0 && (
              <ButtonLink
                to="/postmortems/new"
                search={{ incident: id }}
                variant="default"
                leftSection={<IconReportSearch size={16} />}
              >
                Write a postmortem
              </ButtonLink>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

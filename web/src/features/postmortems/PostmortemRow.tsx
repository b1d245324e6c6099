import { Badge, Group, Text } from "@mantine/core";
import type { PostmortemSummary } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { lasted, STATES } from "./words";

/** A postmortem in the list. */
export function PostmortemRow({
  postmortem,
}: {
  postmortem: PostmortemSummary;
}) {
  const { id, title, team, state, tags, incidents } = postmortem;
  const { started_at, resolved_at, item_count, open_item_count } = postmortem;
  const long = lasted(started_at, resolved_at);
  return (
    <Row
      main={
        <>
          <Group gap="xs">
            <TextLink
              to="/postmortems/$postmortemId"
              params={{ postmortemId: id }}
              fw={600}
            >
              {title}
            </TextLink>
            {tags.map((tag) => (
              <Badge key={tag} size="sm" variant="light" color="gray" tt="none">
                {tag}
              </Badge>
            ))}
          </Group>
          <Text size="sm" c="dimmed">
            {team.name} · <Ago at={started_at} />
            {long && ` · lasted ${long}`}
            {incidents.length > 0 &&
              ` · ${incidents.map(({ number }) => `#${number}`).join(", ")}`}
          </Text>
        </>
      }
      side={
        <>
          {item_count > 0 && (
            <Text size="sm" c="dimmed" miw={{ sm: 110 }}>
              {open_item_count} of {item_count} to do
            </Text>
          )}
          <Group miw={{ sm: 110 }}>
            <StateLabel {...STATES[state]} />
          </Group>
        </>
      }
    />
  );
}

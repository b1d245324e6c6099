import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Ago } from "../../ui/Ago";
import { isWebAddress } from "../../ui/AlertFacts";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { serviceChangesQuery } from "./queries";

/** What was deployed or otherwise changed lately, as tools told of it. */
export function ServiceChanges({ serviceId }: { serviceId: string }) {
  const query = useQuery(serviceChangesQuery(serviceId));
  return (
    <Section title="Latest changes">
      <Loaded what="The changes" query={query}>
        {(changes) =>
          changes.length === 0 ? (
            <Text size="sm" c="dimmed">
              No tool told of a deployment or another change in 30 days.
            </Text>
          ) : (
            <Rows label="Latest changes">
              {changes.map(({ id, summary, source, at, links }) => (
                <Row
                  key={id}
                  main={
                    <>
                      <Text style={{ overflowWrap: "anywhere" }}>
                        {summary}
                      </Text>
                      {links
                        .filter(({ href }) => isWebAddress(href))
                        .map(({ href, text }) => (
                          <Anchor
                            key={href}
                            href={href}
                            target="_blank"
                            rel="noreferrer noopener"
                            size="sm"
                          >
                            {text || href}
                          </Anchor>
                        ))}
                    </>
                  }
                  side={
                    <Text size="sm" c="dimmed">
                      {source && `${source}, `}
                      <Ago at={at} />
                    </Text>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

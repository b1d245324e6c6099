import { Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Integration } from "../../api/generated";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { sourcesQuery } from "./queries";
import { type Asked, SEVERITIES } from "./question";

interface Props {
  asked: Asked;
  onAsk: (asked: Asked) => void;
  body: string;
  onBody: (body: string) => void;
  /** what else there is to say of an event */
  children: ReactNode;
}

const ANY = "any";

/** What comes in, and when. */
export function Form({ asked, onAsk, body, onBody, children }: Props) {
  const sources = useSources(asked.service);
  const source = sources.find(({ id }) => id === asked.integration);
  return (
    <Stack gap="md">
      <ServiceSelect
        label="Service"
        placeholder="Find a service"
        value={asked.service || null}
        onChange={(id) => {
          onAsk({ ...asked, service: id ?? "", integration: "" });
        }}
      />
      <Select
        label="What happens"
        data={[
          { value: ANY, label: "An incident opens, whatever from" },
          ...sources.map(({ id, name }) => ({
            value: id,
            label: `${name} posts an event`,
          })),
        ]}
        allowDeselect={false}
        disabled={!asked.service}
        value={asked.integration || ANY}
        onChange={(value) =>
          onAsk({
            ...asked,
            integration: value === null || value === ANY ? "" : value,
          })
        }
      />
      <Group align="start" grow preventGrowOverflow={false}>
        {!asked.integration && (
          <Select
            label="Severity"
            data={SEVERITIES}
            allowDeselect={false}
            style={{ flexBasis: 150 }}
            value={asked.severity}
            onChange={(value) =>
              onAsk({
                ...asked,
                severity:
                  SEVERITIES.find((each) => each === value) ?? asked.severity,
              })
            }
          />
        )}
        <TextInput
          type="datetime-local"
          label="When"
          description="Empty: now"
          inputWrapperOrder={["label", "input", "description"]}
          style={{ flexBasis: 190 }}
          value={asked.when}
          onChange={({ currentTarget }) =>
            onAsk({ ...asked, when: currentTarget.value })
          }
        />
      </Group>
      {source && <Body source={source} body={body} onBody={onBody} />}
      {source && children}
      <Text size="xs" c="dimmed">
        Nothing is stored and nobody is told.
      </Text>
    </Stack>
  );
}

interface BodyProps {
  source: Integration;
  body: string;
  onBody: (body: string) => void;
}

function Body({ source, body, onBody }: BodyProps) {
  return (
    <Textarea
      label="Event"
      description={`Word for word what ${source.title} posts`}
      autosize
      minRows={6}
      maxRows={18}
      spellCheck={false}
      styles={{
        input: { fontFamily: "var(--mantine-font-family-monospace)" },
      }}
      value={body}
      onChange={({ currentTarget }) => onBody(currentTarget.value)}
    />
  );
}

/** The sources of a service; none while none is chosen. */
export function useSources(serviceId: string): readonly Integration[] {
  const query = useQuery({
    ...sourcesQuery(serviceId),
    enabled: serviceId !== "",
  });
  return query.data ?? [];
}

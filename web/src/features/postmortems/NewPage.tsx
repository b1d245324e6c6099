import { Button, Group, Radio, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  keepPreviousData,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  createPostmortem,
  getIncident,
  type IncidentOut,
} from "../../api/generated";
import { Lines } from "../../ui/Loaded";
import { Markdown } from "../../ui/Markdown";
import { Page } from "../../ui/Page";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { ChosenIncidents } from "./ChosenIncidents";
import { resolvedQuery, templatesQuery } from "./queries";

type Chosen = Pick<IncidentOut, "id" | "number" | "title" | "team">;

/** What it is about, and what it begins as. */
export function NewPostmortemPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/postmortems/new",
  });
  const first = search.incident;
  const given = useQueries({
    queries: (first ? [first] : []).map((id) => ({
      queryKey: ["incident", id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getIncident({ path: { incident_id: id }, signal }),
    })),
  });
  if (given.some(({ isPending }) => isPending))
    return (
      <Page title="Write a postmortem">
        <Lines />
      </Page>
    );
  return <Begin initial={given.flatMap(({ data }) => data ?? [])} />;
}

function Begin({ initial }: { initial: Chosen[] }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState(initial);
  const [key, setKey] = useState("standard");
  const templates = useQuery(templatesQuery(chosen[0]?.team.id)).data ?? [];
  const template = templates.find((each) => each.key === key) ?? templates[0];
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      createPostmortem({
        body: {
          incident_ids: chosen.map(({ id }) => id),
          template: template?.key ?? key,
        },
      }),
    meta: { showsErrors: true },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["postmortems"] });
      await navigate({
        to: "/postmortems/$postmortemId",
        params: { postmortemId: id },
        search: { edit: "1" },
      });
    },
  });
  return (
    <Page title="Write a postmortem">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Stack gap="lg" maw={760}>
          <Section title="About">
            <ChosenIncidents
              incidents={chosen}
              onRemove={(id) =>
                setChosen(chosen.filter((each) => each.id !== id))
              }
            />
            <IncidentBox
              except={chosen.map(({ id }) => id)}
              onPick={(incident) => setChosen([...chosen, incident])}
            />
          </Section>
          <Section title="Begin with">
            <Radio.Group
              aria-label="Template"
              value={template?.key ?? key}
              onChange={setKey}
            >
              <Stack gap="xs">
                {templates.map((each) => (
                  <Radio
                    key={each.key}
                    value={each.key}
                    label={each.name}
                    description={each.means}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {template && (
              <details>
                <Text component="summary" size="sm" c="dimmed" fz="sm">
                  What is in it
                </Text>
                <Stack mt="xs" pl="md">
                  <Markdown text={template.body} />
                </Stack>
              </details>
            )}
          </Section>
          <Problem text={error?.message} />
          <Group>
            <Button
              type="submit"
              loading={isPending}
              disabled={chosen.length === 0}
            >
              Begin writing
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

interface BoxProps {
  except: readonly string[];
  onPick: (incident: Chosen) => void;
}

/** Find a resolved incident by its number or title. */
function IncidentBox({ except, onPick }: BoxProps) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({
    ...resolvedQuery(wanted),
    placeholderData: keepPreviousData,
  });
  const incidents = (found.data?.items ?? []).filter(
    ({ id }) => !except.includes(id),
  );
  return (
    <Select
      label={except.length === 0 ? "Incident" : "Another incident"}
      description="Its number or words of its title; only what is resolved"
      data={incidents.map(({ id, number, title }) => ({
        value: id,
        label: `#${number} ${title}`,
      }))}
      value={null}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage="No resolved incident fits"
      onChange={(id) => {
        const picked = incidents.find((each) => each.id === id);
        if (picked) onPick(picked);
        setText("");
      }}
    />
  );
}

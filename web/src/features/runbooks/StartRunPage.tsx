import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Markdown } from "../../ui/Markdown";
import { Page } from "../../ui/Page";
import { StateLabel } from "../../ui/StateLabel";
import { formQuery } from "./queries";
import { RunForm } from "./RunForm";
import { CLASSES } from "./words";

/** What somebody sees before they run a runbook: what it does, and its form. */
export function StartRunPage() {
  const { runbookId } = useParams({ from: "/frame/runbooks/$runbookId/run" });
  const { incident, version }: Record<string, string> = useSearch({
    from: "/frame/runbooks/$runbookId/run",
  });
  const query = useQuery(
    formQuery(runbookId, incident, version ? Number(version) : undefined),
  );
  return (
    <Page title={query.data ? `Run ${query.data.name}` : "Run a runbook"}>
      {query.error && !query.data && (
        <Group>
          <ButtonLink
            to="/runbooks/$runbookId"
            params={{ runbookId }}
            variant="default"
          >
            Look at the runbook
          </ButtonLink>
        </Group>
      )}
      <Loaded what="The form of the runbook" query={query}>
        {(form) => (
          <Stack>
            <Group gap="md">
              <StateLabel {...CLASSES[form.run_class]} />
              <TextLink
                to="/runbooks/$runbookId"
                params={{ runbookId }}
                size="sm"
              >
                Version {form.version}
              </TextLink>
              {incident && (
                <TextLink
                  to="/incidents/$incidentId"
                  params={{ incidentId: incident }}
                  size="sm"
                >
                  Back to the incident
                </TextLink>
              )}
            </Group>
            {form.description ? (
              <Markdown text={form.description} />
            ) : (
              <Text size="sm" c="dimmed">
                Nobody has described what it does.{" "}
                {CLASSES[form.run_class].means}
              </Text>
            )}
            <RunForm
              key={`${runbookId} ${incident} ${version}`}
              form={form}
              incidentId={incident}
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

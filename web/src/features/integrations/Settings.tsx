import { Button, Fieldset, Grid, Group, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Integration,
  type IntegrationSettings,
  putIntegrationSettings,
} from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { Section } from "../../ui/Section";
import { fieldsOf, filled, initialValues } from "../../ui/schema";
import { toastDone } from "../../ui/toast";
import { Preview } from "./Preview";
import { settingsQuery, signingQuery } from "./queries";
import classes from "./Settings.module.css";

const TYPING_MS = 500;

interface Props {
  integration: Integration;
  mayEdit: boolean;
}

/** What can be set of this tool, tried on what it sent last. */
export function Settings({ integration, mayEdit }: Props) {
  const query = useQuery(settingsQuery(integration.id));
  return (
    <Loaded what="The settings" query={query}>
      {(settings) =>
        settings.json_schema === null ? (
          <Text size="sm" c="dimmed">
            There is nothing to set: PageFree knows what {integration.title}{" "}
            sends.
          </Text>
        ) : (
          <Form
            integration={integration}
            settings={settings}
            mayEdit={mayEdit}
          />
        )
      }
    </Loaded>
  );
}

interface FormProps extends Props {
  settings: IntegrationSettings;
}

function Form({ integration, settings, mayEdit }: FormProps) {
  const fields = fieldsOf(settings.json_schema);
  const queryClient = useQueryClient();
  const [values, setValues] = useState(() =>
    initialValues(fields, settings.values),
  );
  const [settled] = useDebouncedValue(values, TYPING_MS);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      putIntegrationSettings({
        path: { integration_id: integration.id },
        body: { values: filled(fields, values) },
      }),
    meta: { showsErrors: true },
    onSuccess: async () => {
      toastDone(
        proves
          ? "Saved: from now on requests are verified like this"
          : "Saved: from now on requests are read like this",
      );
      await Promise.all(
        [settingsQuery(integration.id), signingQuery(integration.id)].map(
          ({ queryKey }) => queryClient.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  // they say who may send, not how it is read
  const proves =
    useQuery(signingQuery(integration.id)).data?.verified_with === "token";
  const introduction = settings.json_schema?.description;
  return (
    <Grid gap={{ base: "lg", md: "xl" }}>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Section title="Settings">
          {typeof introduction === "string" && (
            <Text size="sm" c="dimmed">
              {introduction}
              {integration.kind === "generic" &&
                " The set-up says how to write it."}
            </Text>
          )}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              mutate();
            }}
          >
            <Stack>
              <Fieldset variant="unstyled" p={0} m={0} disabled={!mayEdit}>
                <SchemaFields
                  fields={fields}
                  values={values}
                  onChange={setValues}
                />
              </Fieldset>
              <Problem text={error?.message} />
              {mayEdit && (
                <Group>
                  <Button type="submit" loading={isPending}>
                    Save the settings
                  </Button>
                </Group>
              )}
            </Stack>
          </form>
        </Section>
      </Grid.Col>
      {mayEdit && !proves && (
        <Grid.Col span={{ base: 12, md: 6 }} className={classes.preview}>
          <Preview
            integrationId={integration.id}
            values={filled(fields, settled)}
          />
        </Grid.Col>
      )}
    </Grid>
  );
}

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { Section } from "../../ui/Section";
import { ParameterFields } from "./ParameterFields";
import { newParameter, type Parameter, problemOf } from "./parameters";

interface Props {
  parameters: readonly Parameter[];
  onChange: (parameters: Parameter[]) => void;
}

/** What whoever runs it fills in. */
export function ParametersEditor({ parameters, onChange }: Props) {
  return (
    <Section title="Parameters">
      <Text size="sm" c="dimmed">
        What whoever runs it fills in, and nothing else: no command, no code.
        Give each the narrowest form that works.
      </Text>
      <Stack gap="sm">
        {parameters.map((parameter, at) => (
          <Paper
            key={parameter.key}
            withBorder
            p="md"
            component="fieldset"
            aria-label={parameter.name || "New parameter"}
          >
            <Stack gap="sm">
              <ParameterFields
                parameter={parameter}
                problem={
                  parameter.name ? problemOf(parameter, parameters) : undefined
                }
                onChange={(changed) =>
                  onChange(
                    parameters.map((each, i) => (i === at ? changed : each)),
                  )
                }
              />
              <Group justify="end">
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  leftSection={<IconTrash size={14} />}
                  onClick={() =>
                    onChange(parameters.filter((_, i) => i !== at))
                  }
                >
                  Remove {parameter.name || "it"}
                </Button>
              </Group>
            </Stack>
          </Paper>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => onChange([...parameters, newParameter()])}
          >
            Add a parameter
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

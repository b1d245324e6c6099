import { Button, Group, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createIntegration, type Integration } from "../../api/generated";
import { CodeBlock } from "../../ui/CodeBlock";
import { CopyField } from "../../ui/CopyField";
import { ButtonLink, TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { SkipButton } from "./NameForm";

const KIND = "generic";

interface Props {
  service: { id: string; name: string };
  has: { integration?: Integration };
  onStay: () => void;
  onGoOn: () => void;
}

/** A key that anything can send alerts with, and a line that does. */
export function Connect({ service, has, onStay, onGoOn }: Props) {
  const queryClient = useQueryClient();
  const { mutate, isPending, data } = useMutation({
    mutationFn: () =>
      createIntegration({
        path: { service_id: service.id },
        body: { kind: KIND, name: "JSON over HTTP" },
      }),
    onSuccess: async () => {
      onStay();
      await Promise.all(
        [["set-up"], ["integrations"], ["first-steps"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  if (data)
    return (
      <Stack gap="sm">
        <Text size="sm">The routing key of {service.name}:</Text>
        <CopyField label="the routing key" value={data.routing_key} />
        <StateLabel
          tone="yellow"
          icon={IconKey}
          word="Shown only now: keep it secret"
        />
        <Text size="sm">
          Whatever can send JSON opens an incident with it. Try it in a shell:
        </Text>
        <CodeBlock
          label="the command"
          text={curlLine(data.url, data.routing_key)}
        />
        <Group>
          <Button onClick={onGoOn}>Go on</Button>
        </Group>
      </Stack>
    );
  if (has.integration)
    return (
      <Stack gap="sm">
        <Text size="sm">
          <TextLink
            to="/integrations/$integrationId"
            params={{ integrationId: has.integration.id }}
            size="sm"
          >
            {has.integration.name}
          </TextLink>{" "}
          reports about {service.name}. Its page says how to send to it.
        </Text>
        <Group>
          <Button onClick={onGoOn}>Go on</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="sm">
      <Text size="sm">
        A tool sends alerts about {service.name} with a key of its own. Begin
        with one for anything that can send JSON, or choose your tool.
      </Text>
      <Group gap="xs">
        <Button loading={isPending} onClick={() => mutate()}>
          Make a key
        </Button>
        <ButtonLink
          variant="default"
          to="/integrations"
          search={{ connect: "1", service_id: service.id }}
        >
          Choose a tool
        </ButtonLink>
        <SkipButton onSkip={onGoOn} />
      </Group>
    </Stack>
  );
}

function curlLine(url: string, key: string): string {
  const body = JSON.stringify({
    title: "This is only a test",
    severity: "critical",
  });
  return `curl -X POST ${url}/${key} \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}

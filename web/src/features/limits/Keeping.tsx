import { Alert, Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { putRetention, type Retention } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { retentionQuery } from "./queries";

/** How long what is not kept for ever is kept. */
export function Keeping() {
  const query = useQuery(retentionQuery());
  return (
    <Section title="How long things are kept">
      <Loaded what="How long things are kept" query={query}>
        {(retention) => <Form retention={retention} />}
      </Loaded>
    </Section>
  );
}

function Form({ retention }: { retention: Retention }) {
  const queryClient = useQueryClient();
  const [requests, setRequests] = useState(retention.raw_request_days);
  const [notifications, setNotifications] = useState(
    retention.notification_days,
  );
  const { mutate, isPending, error } = useMutation({
    meta: { showsErrors: true },
    mutationFn: () =>
      putRetention({
        body: { raw_request_days: requests, notification_days: notifications },
      }),
    onSettled: () => queryClient.invalidateQueries(retentionQuery()),
  });
  const same =
    requests === retention.raw_request_days &&
    notifications === retention.notification_days;
  return (
    <Stack gap="sm">
      {retention.finding && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>
          {retention.finding}
        </Alert>
      )}
      <Group align="flex-start">
        <Days
          label="Days to keep what tools sent"
          min={1}
          value={requests}
          onChange={setRequests}
        />
        <Days
          label="Days to keep notifications"
          min={30}
          value={notifications}
          onChange={setNotifications}
        />
      </Group>
      <Text size="sm" c="dimmed">
        What is older is deleted. Nothing of an open alert or incident goes, and
        incidents and their timelines stay.
      </Text>
      <Problem text={error?.message} />
      <Group>
        <Button loading={isPending} disabled={same} onClick={() => mutate()}>
          Save
        </Button>
      </Group>
    </Stack>
  );
}

function Days(props: {
  label: string;
  min: number;
  value: number | null;
  onChange: (days: number | null) => void;
}) {
  return (
    <NumberInput
      label={props.label}
      min={props.min}
      max={3660}
      placeholder="For ever"
      w={{ base: "100%", xs: 260 }}
      value={props.value ?? ""}
      onChange={(days) =>
        props.onChange(typeof days === "number" ? days : null)
      }
    />
  );
}

import { Button, Group, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endAbsence, type Me, putAbsence } from "../../api/generated";
import { meQuery, useMe } from "../../me";
import { At } from "../../ui/Ago";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";

/** "I am away until …": schedules tell of the shifts that fall into it. */
export function Absence() {
  const me = useMe();
  const queryClient = useQueryClient();
  const [until, setUntil] = useState("");
  const onSuccess = (changed: Me) => {
    queryClient.setQueryData(meQuery.queryKey, changed);
    setUntil("");
    toastDone(
      changed.away_until ? "Others see that you are away" : "Welcome back",
    );
  };
  const leave = useMutation({
    mutationFn: () =>
      putAbsence({ body: { until: new Date(until).toISOString() } }),
    onSuccess,
  });
  const back = useMutation({ mutationFn: () => endAbsence(), onSuccess });
  const away = me.away_until && new Date(me.away_until) > new Date();
  return (
    <Section title="Away">
      <Text size="sm" c="dimmed">
        Others see it beside your name, and a shift of yours that falls into it
        is reported. You are paged all the same until somebody takes the shift.
      </Text>
      {away && me.away_until ? (
        <Group justify="space-between">
          <Text size="sm">
            You are away until <At at={me.away_until} />.
          </Text>
          <Button
            variant="default"
            loading={back.isPending}
            onClick={() => back.mutate()}
          >
            I am back
          </Button>
        </Group>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            leave.mutate();
          }}
        >
          <Group align="end" gap="xs">
            <TextInput
              type="datetime-local"
              label="I am away until"
              value={until}
              required
              onChange={(event) => setUntil(event.currentTarget.value)}
              style={{ flex: "1 1 14rem" }}
              maw={320}
            />
            <Button type="submit" disabled={!until} loading={leave.isPending}>
              Say so
            </Button>
          </Group>
        </form>
      )}
    </Section>
  );
}

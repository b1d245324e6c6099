import { Select, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  putMyHandoffNotices,
  type HandoffNotices as Wishes,
} from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { leadTimes } from "./handoffs";
import { handoffNoticesQuery } from "./shift-queries";

/** Which hand-offs of one's own one is told of. */
export function HandoffNotices() {
  const query = useQuery(handoffNoticesQuery);
  const queryClient = useQueryClient();
  const { queryKey } = handoffNoticesQuery;
  const { mutate } = useMutation({
    mutationFn: (wishes: Wishes) => putMyHandoffNotices({ body: wishes }),
    // a switch that hesitates is pressed twice
    onMutate: (wishes) => queryClient.setQueryData(queryKey, wishes),
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
  return (
    <Section title="When a shift begins and ends">
      <Loaded what="Your wishes" query={query}>
        {(wishes) => {
          const change = (part: Partial<Wishes>) =>
            mutate({ ...wishes, ...part });
          return (
            <Stack gap="sm">
              <Select
                label="Tell me before"
                maw={320}
                allowDeselect={false}
                data={leadTimes(wishes.before_s)}
                value={String(wishes.before_s ?? "")}
                onChange={(value) =>
                  change({ before_s: value ? Number(value) : null })
                }
              />
              <Switch
                label="Tell me when my shift has started"
                checked={wishes.started}
                onChange={({ currentTarget: { checked } }) =>
                  change({ started: checked })
                }
              />
              <Switch
                label="Tell me when my shift has ended"
                checked={wishes.ended}
                onChange={({ currentTarget: { checked } }) =>
                  change({ ended: checked })
                }
              />
              <Text size="sm" c="dimmed">
                These notices, and those of swaps and cover, go where your rules
                for what can wait begin.
              </Text>
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

import { Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { methodsQuery } from "../../api/channels";
import {
  type NotificationRuleIn,
  putNotificationRules,
} from "../../api/generated";
import { useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { rulesQuery } from "./queries";
import { RulesOfUrgency } from "./RulesOfUrgency";
import { sameRule } from "./rules";

/** How a person wants to be told, for each urgency. */
export function Rules() {
  const me = useMe();
  const queryClient = useQueryClient();
  const query = useQuery(rulesQuery(me.id));
  const methods = useQuery(methodsQuery(me.id)).data ?? [];
  const { mutate, isPending } = useMutation({
    mutationFn: (rules: NotificationRuleIn[]) =>
      putNotificationRules({ path: { user_id: me.id }, body: rules }),
    onSuccess: (rules) =>
      queryClient.setQueryData(rulesQuery(me.id).queryKey, rules),
  });
  return (
    <Section title="Notification rules">
      <Loaded what="Your notification rules" query={query}>
        {(stored) => {
          const rules = stored.map(
            ({ urgency, delay_s, contact_method_id }) => ({
              urgency,
              delay_s,
              contact_method_id,
            }),
          );
          const shared = {
            rules,
            methods,
            busy: isPending,
            onAdd: (rule: NotificationRuleIn) => {
              if (!rules.some((each) => sameRule(each, rule)))
                mutate([...rules, rule]);
            },
            onRemove: (rule: NotificationRuleIn) =>
              mutate(rules.filter((each) => !sameRule(each, rule))),
          };
          return (
            <Stack gap="lg">
              <RulesOfUrgency
                urgency="high"
                title="When it is urgent"
                {...shared}
              />
              <RulesOfUrgency
                urgency="low"
                title="When it can wait"
                {...shared}
              />
              <Text size="sm" c="dimmed">
                Messages stop as soon as somebody acknowledges.
              </Text>
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

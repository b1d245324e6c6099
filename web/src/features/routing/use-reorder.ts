import { useMutation, useQueryClient } from "@tanstack/react-query";
import { putRoutingRuleOrder, type RoutingRule } from "../../api/generated";
import { announce } from "../../ui/live-region";
import { moved } from "./draft";
import { rulesQuery } from "./queries";

/** Move a rule within its list: at once on the screen, and back if the server refuses. */
export function useReorder(
  teamId: string | null,
  rules: readonly RoutingRule[],
) {
  const queryClient = useQueryClient();
  const { queryKey } = rulesQuery;
  const { mutate } = useMutation({
    mutationFn: (order: RoutingRule[]) =>
      putRoutingRuleOrder({
        body: { team_id: teamId, rule_ids: order.map(({ id }) => id) },
      }),
    onMutate: async (order) => {
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, (all = []) => [
        ...all.filter(({ team }) => (team?.id ?? null) !== teamId),
        ...order,
      ]);
    },
    // also after a refusal: somebody else has changed the list
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
  return (from: number, to: number) => {
    const order = moved(rules, from, to);
    mutate(order);
    announce(`${rules[from]?.name} is now number ${to + 1} of ${order.length}`);
  };
}

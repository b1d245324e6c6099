import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import {
  getNoiseProposal,
  getRoutingRule,
  listNoiseProposals,
  listRoutingRules,
  type RoutingRuleIn,
  testRoutingRule,
} from "../../api/generated";

/** Every rule in order, the installation's first. */
export const rulesQuery = queryOptions({
  queryKey: ["routing-rules", "list"],
  queryFn: ({ signal }) => listRoutingRules({ signal }),
});

export function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ["routing-rules", id],
    queryFn: ({ signal }) => getRoutingRule({ path: { rule_id: id }, signal }),
  });
}

/** What a rule would have done to the last requests; the answer before stays while one waits. */
export function trialQuery(rule: RoutingRuleIn) {
  return queryOptions({
    queryKey: ["rule-trial", rule],
    queryFn: ({ signal }) => testRoutingRule({ body: rule, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
    gcTime: 60_000,
    meta: { showsErrors: true },
  });
}

export const proposalsQuery = queryOptions({
  queryKey: ["noise-proposals"],
  queryFn: ({ signal }) => listNoiseProposals({ signal }),
});

export function proposalQuery(id: string) {
  return queryOptions({
    queryKey: ["noise-proposals", id],
    queryFn: ({ signal }) =>
      getNoiseProposal({ path: { proposal_id: id }, signal }),
  });
}

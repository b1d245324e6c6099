import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import {
  deleteRoutingRule,
  putNoiseProposalSettlement,
  type RoutingRule,
} from "../../api/generated";
import { useMe } from "../../me";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { toastDone } from "../../ui/toast";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { draftOf, newDraft } from "./draft";
import { draftFor } from "./noise";
import { proposalQuery, ruleQuery } from "./queries";
import { INSTALLATION } from "./RoutingPage";
import { RuleEditor } from "./RuleEditor";

/** One rule, to change; or a new one. */
export function RulePage() {
  const { ruleId } = useParams({ from: "/frame/routing/$ruleId" });
  const { noise } = useAsked();
  if (ruleId !== "new") return <ExistingRule id={ruleId} />;
  return noise ? <ProposedRule id={noise} /> : <NewRule />;
}

function useAsked(): Record<string, string> {
  return useSearch({ from: "/frame/routing/$ruleId" });
}

function useBack() {
  const navigate = useNavigate();
  return () => navigate({ to: "/routing" });
}

function NewRule() {
  const search = useAsked();
  const me = useMe();
  const mine = useEditableTeams();
  const back = useBack();
  const asked = search.list === INSTALLATION ? undefined : search.list;
  const teamId = asked ?? (me.platform_admin ? null : (mine[0]?.id ?? null));
  return (
    <Page title="New routing rule">
      <RuleEditor
        initial={newDraft(teamId)}
        onCancel={() => void back()}
        onSaved={({ name }) => {
          toastDone(`${name} is asked from now on`);
          return back();
        }}
      />
    </Page>
  );
}

/** A new rule against what people have called noise, filled in for them. */
function ProposedRule({ id }: { id: string }) {
  const queryClient = useQueryClient();
  const query = useQuery(proposalQuery(id));
  const back = useBack();
  return (
    <Page title="A rule against noise">
      <Loaded what="The proposal" query={query}>
        {(proposal) => (
          <RuleEditor
            key={id}
            initial={draftFor(proposal)}
            onCancel={() => void back()}
            onSaved={async ({ name }) => {
              toastDone(`${name} is asked from now on`);
              await back();
              await putNoiseProposalSettlement({
                path: { proposal_id: id },
                body: { settled_as: "rule" },
              });
              await queryClient.invalidateQueries({
                queryKey: ["noise-proposals"],
              });
            }}
          />
        )}
      </Loaded>
    </Page>
  );
}

function ExistingRule({ id }: { id: string }) {
  const query = useQuery(ruleQuery(id));
  const back = useBack();
  const rule = query.data;
  if (!rule)
    return (
      <Page title="Routing rule">
        <Loaded what="The rule" query={query}>
          {() => null}
        </Loaded>
      </Page>
    );
  return (
    <Page title={rule.name} actions={<DeleteRule rule={rule} />}>
      <RuleEditor
        // what is being typed stays, even when somebody else changes the rule
        key={rule.id}
        rule={rule}
        initial={draftOf(rule)}
        onCancel={() => void back()}
        onSaved={back}
      />
    </Page>
  );
}

function DeleteRule({ rule }: { rule: RoutingRule }) {
  const queryClient = useQueryClient();
  const back = useBack();
  return (
    <DeleteButton
      what="the rule"
      name={rule.name}
      run={async () => {
        await deleteRoutingRule({ path: { rule_id: rule.id } });
        await back();
        await queryClient.invalidateQueries({ queryKey: ["routing-rules"] });
      }}
    >
      {rule.actions.suppress
        ? "What it suppresses is looked at again at once, and pages people if it still fires."
        : "Events are no longer asked about it. This cannot be taken back."}
    </DeleteButton>
  );
}

import { Button } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deprecateRunbookVersion,
  type RunbookDetail,
  renewRunbookVersion,
  returnRunbookVersion,
  submitRunbookVersion,
  type VersionOut,
} from "../../api/generated";
import { canRespond, useMe } from "../../me";
import { ButtonLink } from "../../ui/links";
import { toastDone } from "../../ui/toast";
import { Approve } from "./Approve";
import { BreakGlass } from "./BreakGlass";

interface Props {
  runbook: RunbookDetail;
  version: VersionOut;
}

/** What can be done with a version in its state. */
export function VersionVerbs({ runbook, version }: Props) {
  const { number, state, may_approve } = version;
  const { id, can_write, latest } = runbook;
  const path = { runbook_id: id, number };
  const isLatest = number === latest;
  const me = useMe();
  const mayRun = runbook.team ? canRespond(me, runbook.team.id) : true;
  return (
    <>
      {can_write && isLatest && state !== "deprecated" && (
        <ButtonLink
          to="/runbooks/$runbookId/edit"
          params={{ runbookId: id }}
          variant="default"
        >
          Edit
        </ButtonLink>
      )}
      {can_write && state === "draft" && (
        <Verb
          words="Send to review"
          done="Sent to review"
          run={() => submitRunbookVersion({ path })}
          first
        />
      )}
      {state === "in_review" && (can_write || may_approve) && (
        <Verb
          words={may_approve ? "Send back" : "Take back"}
          done="It is a draft again"
          run={() => returnRunbookVersion({ path })}
        />
      )}
      {mayRun && (state === "draft" || state === "in_review") && (
        <BreakGlass runbook={runbook} version={version} />
      )}
      {may_approve && <Approve runbookId={id} version={version} />}
      {can_write && state === "approved" && (
        <Verb
          words="Renew the approval"
          done="Sent to review"
          ask="It goes to review once more, and does not run until it is approved again. To keep it running meanwhile, save a new version instead."
          run={() => renewRunbookVersion({ path })}
        />
      )}
      {can_write && state !== "deprecated" && (
        <Verb
          words="Deprecate"
          done={`Version ${number} does not run any more`}
          ask={`Version ${number} never runs again. This cannot be taken back; a new version can be written.`}
          run={() => deprecateRunbookVersion({ path })}
        />
      )}
    </>
  );
}

interface VerbProps {
  words: string;
  done: string;
  /** what is asked before */
  ask?: string;
  first?: boolean;
  run: () => Promise<VersionOut>;
}

function Verb({ words, done, ask, first, run }: VerbProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: run,
    onSuccess: () => toastDone(done),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["runbooks"] }),
  });
  const act = () => {
    if (!ask) return mutate();
    modals.openConfirmModal({
      title: words,
      children: ask,
      labels: { confirm: words, cancel: "Cancel" },
      onConfirm: () => mutate(),
    });
  };
  return (
    <Button
      variant={first ? "filled" : "default"}
      loading={isPending}
      onClick={act}
    >
      {words}
    </Button>
  );
}

import { Button, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type PostmortemDetail,
  type PostmortemMove,
  publishPostmortem,
  reopenPostmortem,
  returnPostmortem,
  submitPostmortem,
} from "../../api/generated";
import { toastDone } from "../../ui/toast";
import { postmortemQuery } from "./queries";
import { MOVES } from "./words";

const DO = {
  submitted: submitPostmortem,
  returned: returnPostmortem,
  published: publishPostmortem,
  reopened: reopenPostmortem,
};
const DONE: Record<PostmortemMove, string> = {
  submitted: "It is in review: somebody else of the team publishes it.",
  returned: "It is a draft again.",
  published: "It is published.",
  reopened: "It is a draft again: it can be changed.",
};
const MAIN: readonly PostmortemMove[] = ["submitted", "published"];

interface Props {
  postmortem: PostmortemDetail;
  /** before anything else: save what was typed; false: it could not be */
  before?: () => Promise<boolean>;
  onMoved?: () => void;
}

/** Review, publish, go back: what this person may do with it now. */
export function MoveButtons({ postmortem, before, onMoved }: Props) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: async (move: PostmortemMove) => {
      if (before && !(await before())) return undefined;
      return DO[move]({ path: { postmortem_id: postmortem.id } });
    },
    onSuccess: async (moved, move) => {
      if (!moved) return;
      queryClient.setQueryData(postmortemQuery(moved.id).queryKey, moved);
      toastDone(DONE[move]);
      onMoved?.();
      await queryClient.invalidateQueries({ queryKey: ["postmortems"] });
    },
  });
  const { moves, state, can_write } = postmortem;
  return (
    <>
      {moves.map((move) => (
        <Button
          key={move}
          variant={MAIN.includes(move) ? "filled" : "default"}
          disabled={isPending}
          onClick={() => mutate(move)}
        >
          {MOVES[move]}
        </Button>
      ))}
      {state === "in_review" && can_write && !moves.includes("published") && (
        <Text size="sm" c="dimmed">
          Somebody else of the team publishes it.
        </Text>
      )}
    </>
  );
}

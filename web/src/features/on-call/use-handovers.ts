import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "../../me";
import { toastDone } from "../../ui/toast";
import { type Act, decide, type Handover, sorted } from "./handovers";
import { myCoverRequestsQuery, mySwapsQuery } from "./queries";

const DONE: Record<Act, string> = {
  accept: "The shift is yours",
  decline: "Declined: everything stays as it is",
  withdraw: "Taken back: the shift stays yours",
};

/** What may change hands with whoever looks. */
export function useHandovers() {
  const me = useMe();
  const swaps = useQuery(mySwapsQuery).data;
  const covers = useQuery(myCoverRequestsQuery).data;
  return sorted(swaps ?? [], covers ?? [], me.id);
}

interface Decision {
  handover: Handover;
  act: Act;
}

/** Decide one of them; `refused` is what could not be, and why. */
export function useDecide() {
  const queryClient = useQueryClient();
  const [refused, setRefused] = useState<{ handover: Handover; why: string }>();
  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ handover, act }: Decision) => decide(handover, act),
    meta: { showsErrors: true },
    onMutate: () => setRefused(undefined),
    onSuccess: (_, { act }) => toastDone(DONE[act]),
    onError: (error, { handover }) =>
      setRefused({ handover, why: error.message }),
    // refused or not, it is not as it was shown
    onSettled: () =>
      Promise.all(
        [["schedules"], ["on-call"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  });
  return {
    decide: mutate,
    busy: isPending ? variables.handover.made.id : undefined,
    refused,
  };
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Me, SecondStep } from "../../api/generated";
import { meQuery } from "../../me";

/** Only an address of this app: never another site's. */
function ownAddress(next: string | undefined): string {
  return next?.startsWith("/") && !/^\/[/\\]/.test(next) ? next : "/incidents";
}

/** Prove who one is: then either one is in, or `step` says what else is to be given. */
export function useSignIn(next: string | undefined) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [step, setStep] = useState<SecondStep>();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (give: () => Promise<Me | SecondStep>) => give(),
    meta: { showsErrors: true },
    onSuccess: async (answer) => {
      if ("second_factor_needed" in answer) {
        setStep(answer);
        return;
      }
      queryClient.setQueryData(meQuery.queryKey, answer);
      await navigate({ href: ownAddress(next), replace: true });
    },
  });
  const beginAgain = () => {
    reset();
    setStep(undefined);
  };
  return { give: mutate, isPending, error, step, beginAgain };
}

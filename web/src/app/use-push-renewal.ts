import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useRenewal } from "../pwa/push";

/** Keeps this browser reachable, whatever became of its subscription or the server's key. */
export function usePushRenewal() {
  const queryClient = useQueryClient();
  const onRenewed = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: ["contact-methods"] }),
    [queryClient],
  );
  useRenewal(onRenewed);
}

import type { UseFormReturnType } from "@mantine/form";
import {
  type QueryKey,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/errors";

interface Options<Values, Saved> {
  form: UseFormReturnType<Values>;
  send: (values: Values) => Promise<Saved>;
  /** what the change makes stale */
  stale: readonly QueryKey[];
  /** where the form has another name for a field of the API */
  rename?: Readonly<Record<string, string>>;
  onSaved: (saved: Saved, values: Values) => unknown;
}

/** Send a form: a problem with a field is shown beside it, any other in `problem`; nothing typed is lost. */
export function useSave<Values, Saved>(options: Options<Values, Saved>) {
  const { form, send, stale, rename = {}, onSaved } = options;
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState<string>();
  const mutation = useMutation({
    mutationFn: send,
    meta: { showsErrors: true },
    onMutate: () => setProblem(undefined),
    onError: (error) => {
      const fields = error instanceof ApiError ? error.fields : {};
      const placed = Object.entries(fields).map(([path, text]) => ({
        path: rename[path] ?? path,
        text: text.charAt(0).toUpperCase() + text.slice(1),
      }));
      for (const { path, text } of placed) form.setFieldError(path, text);
      const all =
        placed.length > 0 && placed.every(({ path }) => isField(form, path));
      if (!all)
        setProblem(
          placed[0] ? `${placed[0].path}: ${placed[0].text}` : error.message,
        );
    },
    onSuccess: async (saved, values) => {
      await Promise.all(
        stale.map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
      await onSaved(saved, values);
    },
  });
  return { save: mutation.mutate, isPending: mutation.isPending, problem };
}

function isField<Values>(form: UseFormReturnType<Values>, path: string) {
  const values = form.getValues();
  return typeof values === "object" && values !== null && path in values;
}

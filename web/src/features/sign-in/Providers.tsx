import { Button, Divider } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { listWaysIn, startSignIn } from "../../api/generated";
import { Problem } from "../../ui/Problem";

export const waysInQuery = queryOptions({
  queryKey: ["sign-in-providers"],
  queryFn: ({ signal }) => listWaysIn({ signal }),
  retry: false,
});

interface Props {
  next: string | undefined;
  /** a line to what comes below */
  divided?: boolean;
}

/** A button for each identity provider; nothing where there is none. */
export function Providers({ next, divided = false }: Props) {
  const ways = useQuery(waysInQuery).data;
  const providers = ways?.providers ?? [];
  const { mutate, isPending, isSuccess, variables, error } = useMutation({
    mutationFn: (id: string) =>
      startSignIn({ path: { provider_id: id }, body: { next: next ?? "/" } }),
    meta: { showsErrors: true },
    onSuccess: ({ continue_at }) => {
      if (continue_at) window.location.assign(continue_at);
    },
  });
  return (
    <>
      <Problem text={error?.message} />
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          size="md"
          variant="default"
          leftSection={<IconLogin2 size={18} />}
          loading={(isPending || isSuccess) && variables === id}
          onClick={() => mutate(id)}
        >
          Sign in with {name}
        </Button>
      ))}
      {divided && providers.length > 0 && (
        <Divider label={ways?.only_providers ? "for platform admins" : "or"} />
      )}
    </>
  );
}

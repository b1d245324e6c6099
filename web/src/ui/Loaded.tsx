import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "./ErrorNotice";

interface Result<Data> {
  data: Data | undefined;
  error: Error | null;
  isPending: boolean;
  refetch: () => unknown;
}

interface Props<Data> {
  /** "The incidents", for the error */
  what: string;
  query: Result<Data>;
  /** instead of grey lines */
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** A query's data once it is there; grey lines before, what failed and a retry otherwise. */
export function Loaded<Data>(props: Props<Data>) {
  const { what, query, skeleton, children } = props;
  const retry = () => void query.refetch();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error)
    return <ErrorNotice what={what} error={query.error} onRetry={retry} />;
  return <>{skeleton ?? <Lines />}</>;
}

/** Grey lines where a list will be. */
export function Lines({ count = 6 }: { count?: number }) {
  return (
    <Stack gap="sm" aria-busy="true" aria-label="Loading">
      {Array.from({ length: count }, (_, line) => line).map((line) => (
        <Skeleton key={line} height={28} />
      ))}
    </Stack>
  );
}

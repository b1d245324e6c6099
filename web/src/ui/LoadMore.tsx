import { Button, Center } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";

interface Props {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  /** so far before the end is seen */
  earlyPx?: number;
}

/** Fetches the next page when one scrolls to the end, or presses the button. */
export function LoadMore(props: Props) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage, earlyPx = 0 } = props;
  const { ref, entry } = useIntersection({ rootMargin: `${earlyPx}px` });
  const wanted = entry?.isIntersecting && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (wanted) fetchNextPage();
  }, [wanted]);
  if (!hasNextPage) return null;
  return (
    <Center ref={ref} py="sm">
      <Button
        variant="subtle"
        loading={isFetchingNextPage}
        onClick={() => fetchNextPage()}
      >
        Load more
      </Button>
    </Center>
  );
}

import { Button, Center } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { useEffect } from "react";

interface Props {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Fetches the next page when one scrolls to the end, or presses the button. */
export function LoadMore(props: Props) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = props;
  const { ref, inViewport } = useInViewport();
  const wanted = inViewport && hasNextPage && !isFetchingNextPage;
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

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { putStatusPageLayout, type StatusPage } from "../../api/generated";
import { type Line, layoutOf } from "./layout";
import { pageQuery } from "./queries";

/** Put lines into another order: at once on the screen, and back if the server refuses. */
export function useLayout(page: StatusPage) {
  const queryClient = useQueryClient();
  const { queryKey } = pageQuery(page.id);
  const { mutate } = useMutation({
    mutationFn: (lines: Line[]) =>
      putStatusPageLayout({
        path: { page_id: page.id },
        body: layoutOf(lines),
      }),
    onMutate: async (lines) => {
      await queryClient.cancelQueries({ queryKey, exact: true });
      queryClient.setQueryData(queryKey, inOrder(page, lines));
    },
    // also after a refusal: somebody else has changed the page
    onSettled: () => queryClient.invalidateQueries({ queryKey, exact: true }),
  });
  return mutate;
}

function inOrder(page: StatusPage, lines: readonly Line[]): StatusPage {
  const { group_ids = [], components = [] } = layoutOf(lines);
  return {
    ...page,
    groups: group_ids.flatMap((id) =>
      page.groups.filter((group) => group.id === id),
    ),
    components: components.flatMap(({ component_id, group_id = null }) =>
      page.components
        .filter(({ id }) => id === component_id)
        .map((each) => ({ ...each, group_id })),
    ),
  };
}

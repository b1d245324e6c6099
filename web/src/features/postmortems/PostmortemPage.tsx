import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import type { PostmortemDetail } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Editing } from "./Editing";
import { PostmortemHead } from "./PostmortemHead";
import { postmortemQuery } from "./queries";
import { Reading } from "./Reading";

/** One postmortem: to be read, or to be written. */
export function PostmortemPage() {
  const { postmortemId } = useParams({
    from: "/frame/postmortems/$postmortemId",
  });
  const query = useQuery(postmortemQuery(postmortemId));
  return (
    <Loaded what="The postmortem" query={query}>
      {(postmortem) => <One key={postmortem.id} postmortem={postmortem} />}
    </Loaded>
  );
}

function One({ postmortem }: { postmortem: PostmortemDetail }) {
  const search: Record<string, string> = useSearch({
    from: "/frame/postmortems/$postmortemId",
  });
  const { can_write, state, title } = postmortem;
  const isEditing = search.edit === "1" && can_write && state !== "published";
  if (isEditing) return <Editing postmortem={postmortem} />;
  return (
    <Page title={title} head={<PostmortemHead postmortem={postmortem} />}>
      <Reading postmortem={postmortem} />
    </Page>
  );
}

import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../api/channels";

/** What people call each way to reach them: "Web push". */
export function useChannelTitle(): (kind: string) => string {
  const { data } = useQuery(channelsQuery);
  return (kind) => data?.find((each) => each.kind === kind)?.title ?? kind;
}

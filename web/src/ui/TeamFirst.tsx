import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { teamsQuery } from "../api/queries";
import { useMe } from "../me";
import { Empty } from "./Empty";
import { Lines } from "./Loaded";
import { ButtonLink } from "./links";
import { useEditableTeams } from "./use-editable-teams";

/** For platform admins of an installation without teams: where to begin. */
export function TeamFirst() {
  const { platform_admin } = useMe();
  const none = useQuery(teamsQuery).data?.length === 0;
  if (!platform_admin || !none) return null;
  return (
    <ButtonLink to="/team" search={{ tab: "teams" }}>
      Make a team first
    </ButtonLink>
  );
}

interface Props {
  children: (team: { id: string }) => ReactNode;
}

/** A form that needs a team: shown once the teams are known, with the first one to begin with. */
export function WithTeam({ children }: Props) {
  const first = useEditableTeams()[0];
  const loading = useQuery(teamsQuery).isPending;
  if (first) return <>{children(first)}</>;
  if (loading) return <Lines />;
  return (
    <Empty
      icon={<IconUsersGroup size={40} />}
      title="This needs a team of yours"
      action={<TeamFirst />}
    >
      Whatever is made here belongs to a team, and its admins change it.
    </Empty>
  );
}

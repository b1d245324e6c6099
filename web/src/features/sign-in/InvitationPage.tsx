import { Button, Text } from "@mantine/core";
import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { ApiError } from "../../api/errors";
import {
  getMe,
  type InvitationShown,
  joinByInvitation,
  lookAtInvitation,
  type Me,
} from "../../api/generated";
import { meQuery } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { AcceptForm } from "./AcceptForm";
import { Door } from "./Door";
import { Providers, waysInQuery } from "./Providers";

const TOKEN = "pagefree-invitation";

/** Kept while a provider is asked: what stands behind the # does not come back from there. */
function useToken(): string {
  const hash = useLocation({ select: ({ hash }) => hash.replace(/^#/, "") });
  if (hash) sessionStorage.setItem(TOKEN, hash);
  return hash || (sessionStorage.getItem(TOKEN) ?? "");
}

function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => lookAtInvitation({ body: { token }, signal }),
    retry: false,
  });
}

/** Whoever is signed in; nobody is no error here. */
const whoQuery = queryOptions({
  queryKey: ["invitation", "who"],
  queryFn: async ({ signal }) => {
    try {
      return await getMe({ signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** Where the link of an invitation leads: opening it changes nothing. */
export function InvitationPage() {
  const token = useToken();
  const invitation = useQuery(invitationQuery(token));
  return (
    <Door title="Invitation">
      <Loaded what="The invitation" query={invitation}>
        {(shown) => <Invited token={token} shown={shown} />}
      </Loaded>
    </Door>
  );
}

function useEnter() {
  const navigate = useNavigate();
  const queryClient: QueryClient = useQueryClient();
  return async (me: Me) => {
    sessionStorage.removeItem(TOKEN);
    queryClient.setQueryData(meQuery.queryKey, me);
    await navigate({ to: "/incidents", replace: true });
  };
}

interface Props {
  token: string;
  shown: InvitationShown;
}

function Invited({ token, shown }: Props) {
  const me = useQuery(whoQuery).data;
  const ways = useQuery(waysInQuery).data;
  const enter = useEnter();
  return (
    <>
      <Text>
        {shown.invited_by ?? "An admin"} invites you to <b>{shown.team}</b>.
      </Text>
      {me && <Join token={token} team={shown.team} me={me} onJoined={enter} />}
      {me === null && (
        <>
          <Providers next="/invitation" divided={!ways?.only_providers} />
          {ways && !ways.only_providers && (
            <AcceptForm token={token} email={shown.email} onAccepted={enter} />
          )}
        </>
      )}
    </>
  );
}

interface JoinProps {
  token: string;
  team: string;
  me: Me;
  onJoined: (me: Me) => Promise<void>;
}

function Join({ token, team, me, onJoined }: JoinProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => joinByInvitation({ body: { token } }),
    meta: { showsErrors: true },
    onSuccess: onJoined,
  });
  return (
    <>
      <Text size="sm">
        You are signed in as {me.name} ({me.email}).
      </Text>
      <Problem text={error?.message} />
      <Button size="md" loading={isPending} onClick={() => mutate()}>
        Join {team}
      </Button>
    </>
  );
}

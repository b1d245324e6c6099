import { Select, Text } from "@mantine/core";
import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RoutingRule } from "../../api/generated";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { Proposals } from "./Proposals";
import { rulesQuery } from "./queries";
import { RuleList } from "./RuleList";

export const INSTALLATION = "installation";

/** A list of rules: the installation's, or a team's. */
interface List {
  /** null: the installation's */
  teamId: string | null;
  name: string;
  mayEdit: boolean;
  rules: RoutingRule[];
}

function useLists(rules: readonly RoutingRule[]): List[] {
  const me = useMe();
  const mine = useEditableTeams();
  const others = rules.flatMap(({ team }) => team ?? []);
  const teams = new Map([...mine, ...others].map((team) => [team.id, team]));
  const sorted = [...teams.values()].sort((a, b) =>
    a.name.localeCompare(b.name),
  );
  return [
    {
      teamId: null,
      name: "The whole installation",
      mayEdit: me.platform_admin,
      rules: rules.filter(({ team }) => !team),
    },
    ...sorted.map(({ id, name }) => ({
      teamId: id,
      name,
      mayEdit: mine.some((team) => team.id === id),
      rules: rules.filter(({ team }) => team?.id === id),
    })),
  ];
}

/** What is done with events before anybody is paged: every list of rules, in its order. */
export function RoutingPage() {
  const query = useQuery(rulesQuery);
  const search: Record<string, string> = useSearch({ from: "/frame/routing" });
  const teams = useEditableTeams();
  const { platform_admin } = useMe();
  const mayAdd = platform_admin || teams.length > 0;
  const add = mayAdd && (
    <ButtonLink
      to="/routing/$ruleId"
      params={{ ruleId: "new" }}
      search={{ list: search.list ?? "" }}
      leftSection={<IconPlus size={16} />}
    >
      New rule
    </ButtonLink>
  );
  return (
    <Page title="Routing rules" actions={add}>
      <Proposals />
      <Loaded what="The rules" query={query}>
        {(rules) => <Lists rules={rules} add={add} />}
      </Loaded>
    </Page>
  );
}

interface Props {
  rules: RoutingRule[];
  add: ReactNode;
}

function Lists({ rules, add }: Props) {
  const search: Record<string, string> = useSearch({ from: "/frame/routing" });
  const navigate = useNavigate();
  const lists = useLists(rules);
  if (rules.length === 0)
    return (
      <Empty icon={<IconRoute size={40} />} title="No rules yet" action={add}>
        Without a rule an event belongs to the service of its integration, as it
        came. A rule sends it elsewhere, changes how loud it is, or keeps it
        quiet with a reason; try it on what was really sent before you save it.
      </Empty>
    );
  const keyOf = ({ teamId }: List) => teamId ?? INSTALLATION;
  const shown = lists.filter((list) =>
    search.list ? keyOf(list) === search.list : list.rules.length > 0,
  );
  return (
    <>
      <Text size="sm" c="dimmed" maw={640}>
        An event goes through the rules of the installation, then through those
        of the team whose service it belongs to by then. Each list is asked from
        the top; the first rule that matches ends it, unless that rule goes on.
      </Text>
      <Select
        aria-label="Whose rules"
        placeholder="All rules"
        maw={320}
        clearable
        data={lists.map((list) => ({ value: keyOf(list), label: list.name }))}
        value={search.list ?? null}
        onChange={(list) =>
          void navigate({
            to: "/routing",
            search: { list: list ?? "" },
            replace: true,
          })
        }
      />
      {shown.map((list) => (
        <Section key={keyOf(list)} title={list.name}>
          {list.rules.length === 0 ? (
            <Text size="sm" c="dimmed">
              No rules here.
            </Text>
          ) : (
            <RuleList {...list} />
          )}
        </Section>
      ))}
    </>
  );
}

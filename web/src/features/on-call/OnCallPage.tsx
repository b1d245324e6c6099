import { SimpleGrid } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Card } from "./Card";
import { Handovers } from "./Handovers";
import { inOrder } from "./in-order";
import { MyShifts } from "./MyShifts";
import { OpenHandovers } from "./OpenHandovers";
import { onCallQuery } from "./queries";
import { useHandovers } from "./use-handovers";

/** Who is on call now, across teams, and who is next. */
export function OnCallPage() {
  const me = useMe();
  const query = useQuery(onCallQuery);
  const { toAnswer } = useHandovers();
  const mine = me.memberships.map(({ team }) => team.id);
  return (
    <Page title="On call now">
      <OpenHandovers title="For you to answer" handovers={toAnswer} />
      <Loaded what="Who is on call" query={query}>
        {(all) =>
          all.length === 0 ? (
            <NoSchedules />
          ) : (
            <SimpleGrid
              cols={{ base: 1, sm: 2, lg: 3 }}
              component="ul"
              aria-label="On call now"
              m={0}
              p={0}
            >
              {inOrder(all, mine).map((each) => (
                <Card key={each.schedule.id} onCall={each} />
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <MyShifts />
      {query.data && query.data.length > 0 && <Handovers />}
    </Page>
  );
}

function NoSchedules() {
  return (
    <Empty
      icon={<IconCalendarPlus size={40} />}
      title="No schedules yet"
      action={<ButtonLink to="/schedules">Make a schedule</ButtonLink>}
    >
      A schedule says who takes turns being on call. Escalation policies page
      whoever is on call in it.
    </Empty>
  );
}

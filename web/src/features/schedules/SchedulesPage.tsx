import { Text } from "@mantine/core";
import { IconCalendarTime, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { schedulesQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { TeamFirst } from "../../ui/TeamFirst";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { Standing } from "./Standing";

const MINUTE_MS = 60_000;

/** Every schedule, with who has it now. */
export function SchedulesPage() {
  const query = useQuery({ ...schedulesQuery, refetchInterval: MINUTE_MS });
  const mayAdd = useEditableTeams().length > 0;
  const add = mayAdd && (
    <ButtonLink
      to="/schedules/$scheduleId"
      params={{ scheduleId: "new" }}
      leftSection={<IconPlus size={16} />}
    >
      New schedule
    </ButtonLink>
  );
  return (
    <Page title="Schedules" actions={add}>
      <Loaded what="The schedules" query={query}>
        {(schedules) =>
          schedules.length === 0 ? (
            <Empty
              icon={<IconCalendarTime size={40} />}
              title="No schedules yet"
              action={add || <TeamFirst />}
            >
              A schedule says who is on call when: people take turns, and a
              policy pages whoever has it.
            </Empty>
          ) : (
            <Rows label="Schedules">
              {schedules.map((schedule) => (
                <Row
                  key={schedule.id}
                  main={
                    <>
                      <TextLink
                        to="/schedules/$scheduleId"
                        params={{ scheduleId: schedule.id }}
                        fw={600}
                      >
                        {schedule.name}
                      </TextLink>
                      <Text size="sm" c="dimmed">
                        {schedule.team.name} · {schedule.time_zone}
                      </Text>
                    </>
                  }
                  side={<Standing schedule={schedule} />}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Page>
  );
}

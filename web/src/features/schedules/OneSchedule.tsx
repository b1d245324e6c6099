import { Group, SimpleGrid, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteSchedule, type Schedule } from "../../api/generated";
import { policiesQuery, schedulesQuery } from "../../api/queries";
import { CalendarFeed } from "../../ui/CalendarFeed";
import { DeleteButton } from "../../ui/DeleteButton";
import { Fact, Facts } from "../../ui/Facts";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Ahead } from "./Ahead";
import { Balance } from "./Balance";
import { Handoffs } from "./Handoffs";
import { Health } from "./Health";
import { LayersInWords } from "./LayersInWords";
import { Rota } from "./Rota";
import { Standing } from "./Standing";

interface Props {
  schedule: Schedule;
  mayEdit: boolean;
}

/** A schedule to read: who has it, who has it when, and whether it holds. */
export function OneSchedule({ schedule, mayEdit }: Props) {
  return (
    <Page
      title={schedule.name}
      actions={
        mayEdit && (
          <>
            <ButtonLink
              to="/schedules/$scheduleId"
              params={{ scheduleId: schedule.id }}
              search={{ edit: "1" }}
              variant="default"
              leftSection={<IconPencil size={16} />}
            >
              Edit
            </ButtonLink>
            <DeleteSchedule schedule={schedule} />
          </>
        )
      }
    >
      {schedule.description && (
        <Text size="sm" c="dimmed" mt={-8}>
          {schedule.description}
        </Text>
      )}
      <Standing schedule={schedule} />
      <Ahead schedule={schedule} mayEdit={mayEdit} />
      <Rota schedule={schedule} />
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="xl" mt="sm">
        <Handoffs schedule={schedule} />
        <Health schedule={schedule} />
        <Balance schedule={schedule} />
      </SimpleGrid>
      <LayersInWords schedule={schedule} />
      <CalendarFeed of={{ kind: "schedule", id: schedule.id }}>
        Subscribe to the shifts of everybody in this schedule, a year ahead, in
        Google Calendar, Outlook or Apple Calendar.
      </CalendarFeed>
      <Belongings schedule={schedule} />
    </Page>
  );
}

function Belongings({ schedule }: { schedule: Schedule }) {
  const pagedBy = useQuery(policiesQuery).data?.filter(({ steps }) =>
    steps.some(({ targets }) => targets.some(({ id }) => id === schedule.id)),
  );
  return (
    <Facts>
      <Fact name="Team">
        <TextLink
          to="/team/teams/$teamId"
          params={{ teamId: schedule.team.id }}
          inherit
        >
          {schedule.team.name}
        </TextLink>
      </Fact>
      {pagedBy && (
        <Fact name="Paged by">
          <Group gap="xs">
            {pagedBy.length === 0 && "no escalation policy yet"}
            {pagedBy.map(({ id, name }) => (
              <TextLink
                key={id}
                to="/policies/$policyId"
                params={{ policyId: id }}
                inherit
              >
                {name}
              </TextLink>
            ))}
          </Group>
        </Fact>
      )}
    </Facts>
  );
}

function DeleteSchedule({ schedule }: { schedule: Schedule }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the schedule"
      name={schedule.name}
      run={async () => {
        await deleteSchedule({ path: { schedule_id: schedule.id } });
        await navigate({ to: "/schedules" });
        await queryClient.invalidateQueries({
          queryKey: schedulesQuery.queryKey,
        });
      }}
    >
      Nobody is on call by it any more. This cannot be taken back.
    </DeleteButton>
  );
}

import { Group } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteSchedule, type Schedule } from "../../api/generated";
import { policiesQuery, schedulesQuery } from "../../api/queries";
import { DeleteButton } from "../../ui/DeleteButton";
import { Fact, Facts } from "../../ui/Facts";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { every } from "./draft";
import { wallOf } from "./rotation";
import { Shifts } from "./Shifts";
import { Standing } from "./Standing";

interface Props {
  schedule: Schedule;
  mayEdit: boolean;
}

/** A schedule to read: who has it, how it turns, who pages it, and when. */
export function OneSchedule({ schedule, mayEdit }: Props) {
  const layer = schedule.layers[0];
  const handoff =
    layer && wallOf(Date.parse(layer.start_at), schedule.time_zone).time;
  const pagedBy = useQuery(policiesQuery).data?.filter(({ steps }) =>
    steps.some(({ targets }) => targets.some(({ id }) => id === schedule.id)),
  );
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
      <Facts>
        <Fact name="On call">
          <Standing schedule={schedule} />
        </Fact>
        {layer && (
          <>
            <Fact name="Hand-offs">
              {every(layer.turn_days)} at {handoff} in {schedule.time_zone}
            </Fact>
            <Fact name="Turns">
              {layer.users.map(({ name }) => name).join(" → ")}
            </Fact>
          </>
        )}
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
      <Shifts schedule={schedule} />
    </Page>
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

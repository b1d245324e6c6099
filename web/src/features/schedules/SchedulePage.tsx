import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { canEditTeam, useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { useNow } from "../../ui/now";
import { Page } from "../../ui/Page";
import { WithTeam } from "../../ui/TeamFirst";
import { toastDone } from "../../ui/toast";
import { draftOf, newDraft } from "./draft";
import { OneSchedule } from "./OneSchedule";
import { scheduleQuery } from "./queries";
import { ScheduleEditor } from "./ScheduleEditor";

/** One schedule, to read or to change, or a new one. */
export function SchedulePage() {
  const { scheduleId } = useParams({ from: "/frame/schedules/$scheduleId" });
  if (scheduleId === "new") return <NewSchedule />;
  return <ExistingSchedule id={scheduleId} />;
}

function NewSchedule() {
  const navigate = useNavigate();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const now = useNow(60);
  return (
    <Page title="New schedule">
      <WithTeam>
        {(team) => (
          <ScheduleEditor
            initial={newDraft(team.id, zone, now)}
            onCancel={() => void navigate({ to: "/schedules" })}
            onSaved={({ id }) => {
              toastDone("The schedule is there: let a policy page it");
              return navigate({
                to: "/schedules/$scheduleId",
                params: { scheduleId: id },
              });
            }}
          />
        )}
      </WithTeam>
    </Page>
  );
}

function ExistingSchedule({ id }: { id: string }) {
  const search: Record<string, string> = useSearch({
    from: "/frame/schedules/$scheduleId",
  });
  const me = useMe();
  const navigate = useNavigate();
  const query = useQuery(scheduleQuery(id));
  const read = () =>
    navigate({ to: "/schedules/$scheduleId", params: { scheduleId: id } });
  const schedule = query.data;
  if (!schedule)
    return (
      <Page title="Schedule">
        <Loaded what="The schedule" query={query}>
          {() => null}
        </Loaded>
      </Page>
    );
  const mayEdit = canEditTeam(me, schedule.team.id);
  if (mayEdit && search.edit)
    return (
      <Page title={`Change ${schedule.name}`}>
        <ScheduleEditor
          schedule={schedule}
          initial={draftOf(schedule)}
          onCancel={() => void read()}
          onSaved={read}
        />
      </Page>
    );
  return <OneSchedule schedule={schedule} mayEdit={mayEdit} />;
}

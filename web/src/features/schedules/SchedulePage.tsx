import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { canEditTeam, useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { useNow } from "../../ui/now";
import { Page } from "../../ui/Page";
import { toastDone } from "../../ui/toast";
import { useEditableTeams } from "../../ui/use-editable-teams";
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
  const teams = useEditableTeams();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const now = useNow(60);
  return (
    <Page title="New schedule">
      <ScheduleEditor
        // a platform admin's teams come a moment later
        key={teams.length > 0 ? "ready" : "loading"}
        initial={newDraft(teams[0]?.id ?? "", zone, now)}
        onCancel={() => void navigate({ to: "/schedules" })}
        onSaved={({ id }) => {
          toastDone("The schedule is there: let a policy page it");
          return navigate({
            to: "/schedules/$scheduleId",
            params: { scheduleId: id },
          });
        }}
      />
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
  const [opened] = useState(Date.now);
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
          initial={draftOf(schedule, opened)}
          onCancel={() => void read()}
          onSaved={read}
        />
      </Page>
    );
  return <OneSchedule schedule={schedule} mayEdit={mayEdit} />;
}

import { Text } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { createRunbook, createRunbookVersion } from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Lines, Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { TeamFirst } from "../../ui/TeamFirst";
import { contentOf, draftOf, newDraft } from "./draft";
import { Editor } from "./Editor";
import { runbookQuery, versionQuery } from "./queries";
import { useWritingTeams } from "./use-writing-teams";

/** Write a new runbook. */
export function NewRunbookPage() {
  const me = useMe();
  const teams = useWritingTeams();
  const navigate = useNavigate();
  const loading = useQuery(teamsQuery).isPending;
  const first = teams[0];
  return (
    <Page title="New runbook">
      {first ? (
        <Editor
          initial={newDraft()}
          teams={teams}
          forAll={me.platform_admin}
          teamId={first.id}
          action="Save the draft"
          send={(draft, teamId, note) =>
            createRunbook({
              body: { team_id: teamId, content: contentOf(draft), note },
            })
          }
          onSaved={({ id }) =>
            navigate({
              to: "/runbooks/$runbookId/versions/$number",
              params: { runbookId: id, number: "1" },
            })
          }
        />
      ) : loading ? (
        <Lines />
      ) : (
        <Empty
          icon={<IconUsersGroup size={40} />}
          title="This needs a team of yours"
          action={<TeamFirst />}
        >
          A runbook belongs to a team: its responders write it, and its admins
          approve it.
        </Empty>
      )}
    </Page>
  );
}

/** Write the next version of a runbook. */
export function EditRunbookPage() {
  const { runbookId } = useParams({ from: "/frame/runbooks/$runbookId/edit" });
  const navigate = useNavigate();
  const runbook = useQuery(runbookQuery(runbookId));
  const latest = runbook.data?.latest;
  const version = useQuery({
    ...versionQuery(runbookId, latest ?? 0),
    enabled: latest !== undefined,
  });
  const team = runbook.data?.team;
  if (runbook.error)
    return (
      <Page title="Edit">
        <Loaded what="The runbook" query={runbook}>
          {() => null}
        </Loaded>
      </Page>
    );
  return (
    <Page title={runbook.data ? `Edit ${runbook.data.name}` : "Edit"}>
      <Loaded what="The runbook" query={version}>
        {(loaded) => (
          <>
            <Text size="sm" c="dimmed">
              Saving makes version {loaded.number + 1}, a draft that begins as
              version {loaded.number}. What is approved goes on running until
              somebody approves the new one.
            </Text>
            <Editor
              key={loaded.content_hash}
              initial={draftOf(loaded.content)}
              teams={team ? [team] : []}
              forAll={!team}
              teamId={team?.id ?? null}
              isFixed
              action={`Save version ${loaded.number + 1}`}
              send={(draft, _team, note) =>
                createRunbookVersion({
                  path: { runbook_id: runbookId },
                  body: { content: contentOf(draft), note },
                })
              }
              onSaved={({ number }) =>
                navigate({
                  to: "/runbooks/$runbookId/versions/$number",
                  params: { runbookId, number: String(number) },
                })
              }
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

import { Alert, Button, Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconMailFast, IconPlus, IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { channelsQuery } from "../../api/channels";
import {
  deleteMailedReport,
  listMailedReports,
  type MailedReportOut,
  sendMailedReportCopy,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { At } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { toastDone } from "../../ui/toast";
import { MailedReportForm } from "./MailedReportForm";
import { rhythmWords } from "./rhythm";

const KEY = ["mailed-reports"];

/** Which figures people get by mail, and when. */
export function MailedReportsPage() {
  const me = useMe();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => listMailedReports({ signal }),
  });
  const mail = useQuery(channelsQuery).data?.find(
    ({ kind }) => kind === "email",
  );
  const [shown, setShown] = useState<MailedReportOut | "new">();
  const mayAdd =
    me.platform_admin ||
    me.memberships.some(({ team }) => canEditTeam(me, team.id));
  const add = mayAdd && (
    <Button
      leftSection={<IconPlus size={16} />}
      onClick={() => setShown("new")}
    >
      Send figures by mail
    </Button>
  );
  return (
    <Page
      title="Reports by mail"
      actions={
        <>
          <ButtonLink to="/insights" variant="default">
            Insights
          </ButtonLink>
          {query.data?.length !== 0 && add}
        </>
      }
    >
      {mail?.set_up === false && (
        <Alert variant="light" color="orange">
          Nothing can be sent until a platform admin sets up e-mail.
        </Alert>
      )}
      <Loaded what="The reports" query={query}>
        {(reports) =>
          reports.length === 0 ? (
            <Empty
              icon={<IconMailFast size={40} />}
              title="No figures leave by mail yet"
              action={add}
            >
              How many incidents, how quickly they were answered, what was noisy
              and what has changed: every week or month, in each reader’s own
              language.
            </Empty>
          ) : (
            <Rows label="Reports by mail">
              {reports.map((each) => (
                <ReportRow
                  key={each.id}
                  report={each}
                  onChange={() => setShown(each)}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {shown && (
        <MailedReportForm
          report={shown === "new" ? undefined : shown}
          stale={[KEY]}
          onClose={() => setShown(undefined)}
        />
      )}
    </Page>
  );
}

interface RowProps {
  report: MailedReportOut;
  onChange: () => void;
}

function ReportRow({ report, onChange }: RowProps) {
  const me = useMe();
  const queryClient = useQueryClient();
  const path = { mailed_report_id: report.id };
  const copy = useMutation({
    mutationFn: () => sendMailedReportCopy({ path }),
    onSuccess: () =>
      toastDone("It is on its way to the address of your account"),
  });
  const remove = useMutation({
    mutationFn: () => deleteMailedReport({ path }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
  const mayEdit = report.team
    ? canEditTeam(me, report.team.id)
    : me.platform_admin;
  const ask = () =>
    modals.openConfirmModal({
      title: `Stop sending ${report.name}`,
      children: (
        <Text size="sm">
          Its readers get no more of these figures. What was sent stays in their
          mailboxes.
        </Text>
      ),
      labels: { confirm: "Stop it", cancel: "Cancel" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(),
    });
  return (
    <Row
      main={
        <>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {report.name}
          </Text>
          <Text size="sm" c="dimmed">
            {report.team?.name ?? "All teams"} · {rhythmWords(report)}
          </Text>
          <Text size="sm" c="dimmed">
            {report.readers.length === 0
              ? "Nobody reads it any more"
              : `To ${report.readers.map(({ name }) => name).join(", ")}`}
            {" · next "}
            <At at={report.due_at} />
          </Text>
        </>
      }
      side={
        <Group gap={6} wrap="nowrap" mt={{ base: 6, sm: 0 }}>
          <Button
            size="xs"
            px="xs"
            variant="default"
            leftSection={<IconSend size={14} />}
            loading={copy.isPending}
            onClick={() => copy.mutate()}
          >
            Send me one now
          </Button>
          {mayEdit && (
            <>
              <Button size="xs" variant="default" onClick={onChange}>
                Change
              </Button>
              <Button
                size="xs"
                px="xs"
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={ask}
              >
                Stop
              </Button>
            </>
          )}
        </Group>
      }
    />
  );
}

import { Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  changeStatusMaintenance,
  deleteMaintenanceSeries,
  type PlannedMaintenance,
  putStatusMaintenanceStatus,
  type StatusPage,
  type WorkStatus,
} from "../../api/generated";
import { ActionModal } from "../../ui/ActionModal";
import { toastDone } from "../../ui/toast";
import { WorkForm } from "./WorkForm";
import { WorkUpdateForm } from "./WorkUpdateForm";
import { NEXT } from "./work-steps";

const EXTENSIONS = [30, 60, 120, 240];
const MINUTE_MS = 60_000;

interface Props {
  work: PlannedMaintenance;
  page: StatusPage;
}

type Dialog = "edit" | "tell" | "cancel" | "series";

/** What can be done with planned work now. */
export function WorkActions({ work, page }: Props) {
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const { become, extend, endSeries, isPending } = useWork(work);
  const over = work.status === "completed" || work.status === "cancelled";
  const { scheduled_until: until, series_id, rrule } = work;
  return (
    <>
      <Group gap="xs">
        {NEXT[work.status].map(({ to, label }) => (
          <Button key={to} loading={isPending} onClick={() => become(to)}>
            {label}
          </Button>
        ))}
        {!over && (
          <>
            <Menu position="bottom-start">
              <Menu.Target>
                <Button
                  variant="default"
                  rightSection={<IconChevronDown size={16} />}
                >
                  Extend
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {EXTENSIONS.map((minutes) => (
                  <Menu.Item
                    key={minutes}
                    onClick={() =>
                      extend(Date.parse(until) + minutes * MINUTE_MS)
                    }
                  >
                    {minutes < 60
                      ? `By ${minutes} min`
                      : `By ${minutes / 60} h`}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button variant="default" onClick={() => setDialog("edit")}>
              Edit
            </Button>
          </>
        )}
        <Button variant="default" onClick={() => setDialog("tell")}>
          Tell more
        </Button>
        {work.status === "scheduled" && (
          <Button variant="default" onClick={() => setDialog("cancel")}>
            Call it off
          </Button>
        )}
        {series_id && rrule && (
          <Button variant="default" onClick={() => setDialog("series")}>
            End the series
          </Button>
        )}
      </Group>
      {dialog === "edit" && (
        <WorkForm page={page} work={work} onClose={close} />
      )}
      {dialog === "tell" && (
        <WorkUpdateForm page={page} work={work} onClose={close} />
      )}
      {dialog === "cancel" && (
        <ActionModal
          title={`Call ${work.name} off`}
          action="Call it off"
          busy={isPending}
          onAct={() => become("cancelled", close)}
          onClose={close}
        >
          <Text size="sm">
            The page and its calendar say that it does not take place.
            {rrule && " The other times of the series stay."}
          </Text>
        </ActionModal>
      )}
      {dialog === "series" && series_id && (
        <ActionModal
          title={`End the series of ${work.name}`}
          action="End the series"
          busy={isPending}
          onAct={() => endSeries(series_id, close)}
          onClose={close}
        >
          <Text size="sm">
            All times that have not begun are called off, and no new ones are
            announced.
          </Text>
        </ActionModal>
      )}
    </>
  );
}

function useWork({ id, name }: PlannedMaintenance) {
  const queryClient = useQueryClient();
  const path = { maintenance_id: id };
  const { mutate, isPending } = useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["status-pages"] }),
  });
  const done = (onSuccess?: () => void) => ({
    onSuccess: () => {
      toastDone(`${name} is changed, and the page says so`);
      onSuccess?.();
    },
  });
  return {
    isPending,
    become: (status: WorkStatus, then?: () => void) =>
      mutate(
        () => putStatusMaintenanceStatus({ path, body: { status } }),
        done(then),
      ),
    extend: (until: number) =>
      mutate(
        () =>
          changeStatusMaintenance({
            path,
            body: { scheduled_until: new Date(until).toISOString() },
          }),
        done(),
      ),
    endSeries: (series_id: string, then: () => void) =>
      mutate(
        () => deleteMaintenanceSeries({ path: { series_id } }),
        done(then),
      ),
  };
}

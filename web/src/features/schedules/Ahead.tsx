import { Alert, Button, Group, Text } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteVersion, type Schedule } from "../../api/generated";
import { At } from "../../ui/Ago";
import { toastDone } from "../../ui/toast";

interface Props {
  schedule: Schedule;
  mayEdit: boolean;
}

/** Changes that have been saved and do not hold yet. */
export function Ahead({ schedule, mayEdit }: Props) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (version: string) =>
      deleteVersion({
        path: { schedule_id: schedule.id, version_id: version },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["schedules"] });
      toastDone("It stays as it is");
    },
  });
  return schedule.versions_ahead.map(({ id, from_at, layers }) => (
    <Alert key={id} color="blue" variant="light" icon={<IconCalendarTime />}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          It changes on <At at={from_at} />:{" "}
          {layers
            .map(({ name, users }, at) =>
              [
                `${name || `Layer ${at + 1}`}: `,
                users.map((user) => user.name).join(" → "),
              ].join(""),
            )
            .join("; ")}
        </Text>
        {mayEdit && (
          <Button
            size="compact-sm"
            variant="default"
            loading={isPending}
            onClick={() => mutate(id)}
          >
            Call it off
          </Button>
        )}
      </Group>
    </Alert>
  ));
}

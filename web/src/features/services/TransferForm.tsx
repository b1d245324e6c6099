import { Select, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createServiceTransfer, type Service } from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { STALE } from "./queries";

interface Props {
  service: Service;
  onClose: () => void;
}

/** Give a service to another team: at once where one may decide for both, else by asking. */
export function TransferForm({ service, onClose }: Props) {
  const me = useMe();
  const teams = useQuery(teamsQuery).data;
  const form = useForm({
    initialValues: { team_id: "", note: "" },
    validate: { team_id: (id) => (id ? null : "Choose a team") },
  });
  const atOnce = canEditTeam(me, form.values.team_id);
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      createServiceTransfer({ path: { service_id: service.id }, body }),
    stale: STALE,
    onSaved: ({ service: { team }, waiting }) => {
      toastDone(
        waiting
          ? `Offered to ${waiting.to_team.name}: an admin of it takes or declines it`
          : `${service.name} belongs to ${team.name} now`,
      );
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Hand over ${service.name}`}
      action={atOnce ? "Move it" : "Offer it"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Select
        label="To which team"
        description={
          atOnce
            ? "It moves at once: you may decide for that team, too"
            : "It moves when an admin of that team takes it"
        }
        data={teams
          ?.filter(({ id }) => id !== service.team.id)
          .map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        allowDeselect={false}
        withAsterisk
        data-autofocus
        {...form.getInputProps("team_id")}
      />
      <Textarea
        label="Why"
        description="Shown with the offer"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        {...form.getInputProps("note")}
      />
    </FormModal>
  );
}

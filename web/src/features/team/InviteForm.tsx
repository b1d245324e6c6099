import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  createInvitation,
  type NewInvitationOut,
  type Role,
  type TeamOut,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { ROLES } from "./queries";

interface Props {
  team: TeamOut;
  onClose: () => void;
  onInvited: (made: NewInvitationOut) => void;
}

/** Whom to invite, and as what. */
export function InviteForm({ team, onClose, onInvited }: Props) {
  const form = useForm<{ email: string; role: Role }>({
    initialValues: { email: "", role: "responder" },
    validate: {
      email: (email) =>
        email.includes("@") ? null : "An e-mail address has an @",
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (values) =>
      createInvitation({ body: { ...values, team_id: team.id } }),
    stale: [["teams", team.id, "invitations"]],
    onSaved: (made) => {
      onClose();
      onInvited(made);
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Invite somebody to ${team.name}`}
      action="Send the invitation"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="E-mail address"
        description="Of somebody who has no account here yet"
        type="email"
        maxLength={254}
        withAsterisk
        data-autofocus
        {...form.getInputProps("email")}
      />
      <Select
        label="Role"
        allowDeselect={false}
        data={ROLES.map(({ value, label, means }) => ({
          value,
          label: `${label}: ${means}`,
        }))}
        {...form.getInputProps("role")}
      />
    </FormModal>
  );
}

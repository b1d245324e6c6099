import { Checkbox, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { createPartner } from "../../api/generated";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { bodyOf, type Draft, NEW, VALIDATE } from "./draft";
import { Fields } from "./Fields";
import { PARTNERS } from "./queries";

/** Add somebody outside; then their page says what they may see. */
export function NewPartner({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { id, name } = useMe();
  const form = useForm<Draft>({
    initialValues: { ...NEW, owner: { id, name } },
    validate: VALIDATE,
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) => createPartner({ body: bodyOf(draft) }),
    stale: [PARTNERS],
    rename: { owner_id: "owner", expires_at: "expires" },
    onSaved: (partner) => {
      onClose();
      return navigate({
        to: "/partners/$partnerId",
        params: { partnerId: partner.id },
      });
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Add a partner"
      action={form.values.invite ? "Add and invite" : "Add the partner"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((draft) => save(draft))}
    >
      <TextInput
        label="E-mail address"
        type="email"
        maxLength={254}
        withAsterisk
        data-autofocus
        {...form.getInputProps("email")}
      />
      <Fields form={form} />
      <Checkbox
        label="Send an invitation"
        description="A link in a mail, with which they set their account up within a week"
        {...form.getInputProps("invite", { type: "checkbox" })}
      />
    </FormModal>
  );
}

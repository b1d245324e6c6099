import { useForm } from "@mantine/form";
import { changePartner, type Partner } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { changesOf, type Draft, draftOf } from "./draft";
import { Fields } from "./Fields";
import { PARTNERS } from "./queries";

interface Props {
  partner: Partner;
  onClose: () => void;
}

/** Change what is kept of a partner; the address stays. */
export function EditPartner({ partner, onClose }: Props) {
  const form = useForm<Draft>({ initialValues: draftOf(partner) });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      changePartner({
        path: { partner_id: partner.id },
        body: changesOf(draft),
      }),
    stale: [PARTNERS],
    rename: { owner_id: "owner", expires_at: "expires" },
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Change ${partner.name || partner.email}`}
      action="Save"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((draft) => save(draft))}
    >
      <Fields form={form} />
    </FormModal>
  );
}

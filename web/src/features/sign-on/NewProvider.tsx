import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { createIdentityProvider, type ProviderOut } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { withStepUp } from "../../ui/step-up";
import { useSave } from "../../ui/use-save";
import { SIGN_ON } from "./queries";

interface Props {
  onClose: () => void;
  onAdded: (provider: ProviderOut) => unknown;
}

/** The first step: which provider. It needs our address before it gives us a client. */
export function NewProvider({ onClose, onAdded }: Props) {
  const form = useForm({
    initialValues: { name: "", issuer: "" },
    validate: {
      name: (name) => (name.trim() ? null : "It stands on the button"),
      issuer: (issuer) =>
        /^https?:\/\//.test(issuer.trim()) ? null : "It begins with https://",
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) => withStepUp(() => createIdentityProvider({ body })),
    stale: [SIGN_ON],
    onSaved: onAdded,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Add an identity provider"
      action="Go on"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        description="On the button: “Sign in with …”"
        placeholder="Okta"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Issuer or discovery address"
        description="As its OpenID configuration names it"
        placeholder="https://example.okta.com"
        maxLength={500}
        withAsterisk
        {...form.getInputProps("issuer")}
      />
    </FormModal>
  );
}

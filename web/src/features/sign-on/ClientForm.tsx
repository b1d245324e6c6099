import {
  Button,
  Group,
  PasswordInput,
  Stack,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  type ProviderOut,
  putIdentityProviderSecret,
  updateIdentityProvider,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { SIGN_ON } from "./queries";

/** Who we are at the provider. */
export function ClientForm({ provider }: { provider: ProviderOut }) {
  const { name, issuer, client_id, scopes, has_secret } = provider;
  const path = { provider_id: provider.id };
  const form = useForm({
    initialValues: { name, issuer, client_id, scopes, secret: "" },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: async ({ secret, ...body }) => {
      return withStepUp(async () => {
        const changed = await updateIdentityProvider({ path, body });
        if (secret) await putIdentityProviderSecret({ path, body: { secret } });
        return changed;
      });
    },
    stale: [SIGN_ON],
    onSaved: (saved, values) => {
      form.setInitialValues({ ...values, scopes: saved.scopes, secret: "" });
      form.reset();
      toastDone("Saved");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack maw={560}>
        <TextInput
          label="Name"
          maxLength={200}
          required
          {...form.getInputProps("name")}
        />
        <TextInput
          label="Issuer"
          maxLength={500}
          required
          {...form.getInputProps("issuer")}
        />
        <TextInput
          label="Client id"
          maxLength={500}
          autoComplete="off"
          {...form.getInputProps("client_id")}
        />
        <PasswordInput
          label="Client secret"
          description={
            has_secret
              ? "There is one. What you enter replaces it."
              : "None yet; a public client needs none."
          }
          autoComplete="off"
          maxLength={1000}
          {...form.getInputProps("secret")}
        />
        <TagsInput
          label="Scopes"
          description="What is asked for; some providers want “groups” here"
          {...form.getInputProps("scopes")}
        />
        <Problem text={problem} />
        <Group>
          <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

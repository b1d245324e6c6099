import { Button, Checkbox, Group, Stack, TagsInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ProviderOut, updateIdentityProvider } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { SIGN_ON } from "./queries";

/** Whom the provider lets in. */
export function WhoForm({ provider }: { provider: ProviderOut }) {
  const { creates_users, links_by_email, email_domains } = provider;
  const form = useForm({
    initialValues: { creates_users, links_by_email, email_domains },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      withStepUp(() =>
        updateIdentityProvider({ path: { provider_id: provider.id }, body }),
      ),
    stale: [SIGN_ON],
    onSaved: (saved) => {
      form.setInitialValues({
        creates_users: saved.creates_users,
        links_by_email: saved.links_by_email,
        email_domains: saved.email_domains,
      });
      form.reset();
      toastDone("Saved");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack maw={560}>
        <Checkbox
          label="Give an account to whoever signs in for the first time"
          description="Else people are invited, or put here by provisioning"
          {...form.getInputProps("creates_users", { type: "checkbox" })}
        />
        <Checkbox
          label="Link accounts that exist already by the e-mail address"
          description="Only where the provider says that it has verified the address. Switch it on if nobody can choose their address there."
          {...form.getInputProps("links_by_email", { type: "checkbox" })}
        />
        <TagsInput
          label="Only e-mail addresses of these domains"
          description="None: any. Needed where anybody may have an account, such as at Google."
          placeholder={
            form.values.email_domains.length === 0 ? "example.com" : ""
          }
          {...form.getInputProps("email_domains")}
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

import { Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  deleteIdentityProvider,
  type ProviderOut,
  updateIdentityProvider,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { withStepUp } from "../../ui/step-up";
import { Check } from "./Check";
import { ClientForm } from "./ClientForm";
import { GroupsForm } from "./GroupsForm";
import { providerQuery, SIGN_ON } from "./queries";
import { ScimTokens } from "./ScimTokens";
import { WhoForm } from "./WhoForm";

/** One identity provider: how it knows us, and what it makes of people. */
export function ProviderPage() {
  const { providerId } = useParams({ from: "/frame/sign-on/$providerId" });
  const query = useQuery(providerQuery(providerId));
  if (query.data) return <OneProvider provider={query.data} />;
  return (
    <Page title="Single sign-on">
      <Loaded what="The identity provider" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneProvider({ provider }: { provider: ProviderOut }) {
  const { id, name, enabled, client_id, redirect_uri } = provider;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const stale = () => queryClient.invalidateQueries({ queryKey: SIGN_ON });
  const path = { provider_id: id };
  const { mutate, isPending } = useMutation({
    mutationFn: (on: boolean) =>
      withStepUp(() => updateIdentityProvider({ path, body: { enabled: on } })),
    onSettled: stale,
  });
  return (
    <Page
      title={name}
      actions={
        <>
          <Switch
            label="People sign in here"
            checked={enabled}
            disabled={isPending || client_id === ""}
            onChange={(event) => mutate(event.currentTarget.checked)}
          />
          <DeleteButton
            what="the provider"
            name={name}
            run={async () => {
              await withStepUp(() => deleteIdentityProvider({ path }));
              await navigate({ to: "/sign-on" });
              await stale();
            }}
          >
            Nobody signs in through it any more, and it puts nobody here. People
            stay, with the teams and the rights that they have.
          </DeleteButton>
        </>
      }
    >
      <Section title="1. Tell the provider about PageFree">
        <Text size="sm">
          Make a web application (authorization code, with PKCE) there, and
          enter this redirect address:
        </Text>
        <CopyField label="the redirect address" value={redirect_uri} />
      </Section>
      <Section title="2. Tell PageFree about the provider">
        <ClientForm key={`client ${id}`} provider={provider} />
        <Check provider={provider} />
      </Section>
      <Section title="Who gets in">
        <WhoForm key={`who ${id}`} provider={provider} />
      </Section>
      <Section title="Groups">
        <GroupsForm key={`groups ${id}`} provider={provider} />
      </Section>
      <ScimTokens provider={provider} />
    </Page>
  );
}

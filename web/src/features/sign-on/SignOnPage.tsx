import { Button, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconLock, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  type ProviderOut,
  putSignInSettings,
  type SignInSettings,
} from "../../api/generated";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { withStepUp } from "../../ui/step-up";
import { NewProvider } from "./NewProvider";
import { providersQuery, SIGN_ON, settingsQuery } from "./queries";

/** Where people sign in and come from, for platform admins. */
export function SignOnPage() {
  const { platform_admin: admin } = useMe();
  return admin ? (
    <Providers />
  ) : (
    <Page title="Single sign-on">
      <Empty icon={<IconLock size={40} />} title="For platform admins">
        They set up here with which identity provider people sign in.
      </Empty>
    </Page>
  );
}

function Providers() {
  const query = useQuery(providersQuery);
  const navigate = useNavigate();
  const [adding, { open, close }] = useDisclosure();
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add a provider
    </Button>
  );
  const some = (query.data?.length ?? 0) > 0;
  return (
    <Page title="Single sign-on" actions={some && add}>
      <Loaded what="The identity providers" query={query}>
        {(providers) =>
          some ? (
            <>
              <Rows label="Identity providers">
                {providers.map((one) => (
                  <Provider key={one.id} provider={one} />
                ))}
              </Rows>
              <Passwords />
            </>
          ) : (
            <Empty
              icon={<IconKey size={40} />}
              title="People sign in with passwords"
              action={add}
            >
              With Okta, Entra ID, Google, Keycloak or any other OpenID provider
              they sign in as they do everywhere, and their groups put them into
              teams.
            </Empty>
          )
        }
      </Loaded>
      {adding && (
        <NewProvider
          onClose={close}
          onAdded={({ id }) =>
            navigate({ to: "/sign-on/$providerId", params: { providerId: id } })
          }
        />
      )}
    </Page>
  );
}

function Provider({ provider }: { provider: ProviderOut }) {
  const { id, name, issuer, enabled, mappings } = provider;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/sign-on/$providerId"
            params={{ providerId: id }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {issuer}
          </Text>
        </>
      }
      side={
        <Text size="sm" c="dimmed">
          {enabled ? "On" : "Off"}
          {mappings.length > 0 &&
            `, ${mappings.length} ${mappings.length === 1 ? "group opens a team" : "groups open teams"}`}
        </Text>
      }
    />
  );
}

function Passwords() {
  const query = useQuery(settingsQuery);
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (body: SignInSettings) =>
      withStepUp(() => putSignInSettings({ body })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: SIGN_ON }),
  });
  return (
    <Section title="Passwords">
      <Loaded what="The settings" query={query}>
        {({ only_providers }) => (
          <Switch
            label="Only through a provider"
            description="Passwords then count for platform admins alone, so that there is a way in when a provider is away. Each time that is used, it stands in the audit."
            checked={only_providers}
            disabled={isPending}
            onChange={(event) =>
              mutate({ only_providers: event.currentTarget.checked })
            }
          />
        )}
      </Loaded>
    </Section>
  );
}

import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type IdentityOut, unlinkMyIdentity } from "../../api/generated";
import { identitiesQuery } from "../../identities";
import { Ago } from "../../ui/Ago";
import { Section } from "../../ui/Section";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";

/** Where else this person signs in: nothing where there is no such place. */
export function Identities() {
  const { data } = useQuery(identitiesQuery);
  if (!data?.length) return null;
  return (
    <Section title="Identity providers">
      <Stack gap="sm">
        {data.map((identity) => (
          <Identity key={identity.id} identity={identity} />
        ))}
      </Stack>
    </Section>
  );
}

function Identity({ identity }: { identity: IdentityOut }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      withStepUp(() =>
        unlinkMyIdentity({ path: { identity_id: identity.id } }),
      ),
    onSuccess: () => toastDone(`${identity.provider} signs you in no more`),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: identitiesQuery.queryKey }),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: `Unlink ${identity.provider}?`,
      children: (
        <Text size="sm">
          It signs you in here no more. Your account and your teams stay.
        </Text>
      ),
      labels: { confirm: "Unlink it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Group justify="space-between" wrap="nowrap">
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={500}>
          {identity.provider}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {identity.email || identity.issuer}
          {identity.used_at && (
            <>
              {" · used "}
              <Ago at={identity.used_at} />
            </>
          )}
        </Text>
      </Stack>
      <Button
        size="xs"
        flex="none"
        variant="default"
        loading={isPending}
        onClick={confirm}
      >
        Unlink
      </Button>
    </Group>
  );
}

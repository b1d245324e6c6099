import { Button, Code, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteSigningSecret, type SigningSecret } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Row, Rows } from "../../ui/Rows";
import { toastDone } from "../../ui/toast";
import { signingQuery } from "./queries";

interface Props {
  integrationId: string;
  secrets: readonly SigningSecret[];
  mayEdit: boolean;
}

/** The secrets that a sender signs with, as far as they can be shown. */
export function Secrets({ integrationId, secrets, mayEdit }: Props) {
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (secret: SigningSecret) =>
      deleteSigningSecret({
        path: { integration_id: integrationId, secret_id: secret.id },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({
        queryKey: signingQuery(integrationId).queryKey,
      });
      toastDone("The secret is trusted no longer");
    },
  });
  const ask = (secret: SigningSecret) =>
    modals.openConfirmModal({
      title: "End the secret",
      children: (
        <Text size="sm">
          Whatever still signs with it is refused. This cannot be taken back.
        </Text>
      ),
      labels: { confirm: "End the secret", cancel: "Cancel" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(secret),
    });
  return (
    <Rows label="Secrets">
      {secrets.map((secret) => (
        <Row
          key={secret.id}
          main={<Code>{secret.prefix ? `${secret.prefix}…` : "secret"}</Code>}
          side={
            <>
              <Text size="sm" c="dimmed">
                set <Ago at={secret.created_at} />
                {secret.expires_at && (
                  <>
                    , trusted until <At at={secret.expires_at} />
                  </>
                )}
              </Text>
              {mayEdit && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => ask(secret)}
                >
                  End
                </Button>
              )}
            </>
          }
        />
      ))}
    </Rows>
  );
}

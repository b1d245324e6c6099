import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  deleteStatusPageToken,
  type PageToken,
  type StatusPage,
} from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { NewToken } from "./NewToken";
import { tokensQuery } from "./queries";

/** The tokens that open a private page, each for somebody. */
export function Tokens({ page }: { page: StatusPage }) {
  const [adding, { open, close }] = useDisclosure();
  const query = useQuery(tokensQuery(page.id));
  return (
    <Section
      title="Tokens"
      action={
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={open}
        >
          New token
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        People type a token into the form of the page, programs send it as
        “Authorization: Bearer …”. Revoking one leaves the others alone.
      </Text>
      <Loaded what="The tokens" query={query}>
        {(tokens) =>
          tokens.length > 0 && (
            <Rows label="Tokens">
              {tokens.map((token) => (
                <TokenRow key={token.id} page={page} token={token} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {adding && <NewToken page={page} onClose={close} />}
    </Section>
  );
}

function TokenRow({ page, token }: { page: StatusPage; token: PageToken }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      deleteStatusPageToken({
        path: { page_id: page.id, token_id: token.id },
      }),
    onSuccess: () => toastDone(`${token.name} opens the page no more`),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["status-pages"] }),
  });
  return (
    <Row
      main={
        <Stack gap={0}>
          <Text fw={600}>{token.name}</Text>
          <Text size="sm" c="dimmed">
            <code>{token.prefix}…</code> · made <Ago at={token.created_at} />
            {token.expires_at && (
              <>
                {" "}
                · until <At at={token.expires_at} />
              </>
            )}
          </Text>
        </Stack>
      }
      side={
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`Revoke ${token.name}`}
          loading={isPending}
          onClick={() => mutate()}
        >
          Revoke
        </Button>
      }
    />
  );
}

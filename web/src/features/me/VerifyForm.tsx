import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { methodsQuery } from "../../api/channels";
import {
  type ContactMethodOut,
  putVerification,
  sendVerification,
} from "../../api/generated";
import { At } from "../../ui/Ago";
import { useNow } from "../../ui/now";
import { Problem } from "../../ui/Problem";
import { SentFate } from "../../ui/SentFate";
import { toastDone } from "../../ui/toast";
import { addressWords } from "./method-state";

const WAIT_MS = 30_000;
const WRONG = "This is not the code. Look again, or send another one.";

interface Props {
  userId: string;
  method: ContactMethodOut;
  onDone: () => void;
}

/** Prove that an address is one's own: a code goes there, and is typed in here. */
export function VerifyForm({ userId, method, onDone }: Props) {
  const { send, check } = useProof(userId, method, onDone);
  const [code, setCode] = useState("");
  const asked = useRef(false);
  useEffect(() => {
    // once, also where effects run twice
    if (asked.current) return;
    asked.current = true;
    send.mutate();
  }, [send]);
  const problem = check.error ?? send.error;
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        check.mutate(code);
      }}
    >
      <Stack>
        <Text size="sm">
          {send.data ? "A code is on its way to " : "A code has to be sent to "}
          <strong>{addressWords(method) || method.label}</strong>. Type it in
          here; until then nothing else is sent there.
        </Text>
        {send.data && (
          <>
            <SentFate
              key={send.data.notificationId}
              sent={send.data}
              what="The code"
            />
            <Text size="sm" c="dimmed">
              It counts until <At at={send.data.expiresAt} />.
            </Text>
          </>
        )}
        <TextInput
          label="Code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          w={180}
          data-autofocus
          value={code}
          error={check.data === false && !check.isPending ? WRONG : undefined}
          onChange={(event) => {
            check.reset();
            setCode(event.currentTarget.value.trim());
          }}
        />
        <Problem text={problem?.message} />
        <Group justify="end">
          <Resend
            sentAt={send.data?.at}
            busy={send.isPending}
            onSend={() => send.mutate()}
          />
          <Button
            type="submit"
            loading={check.isPending}
            disabled={code === ""}
          >
            Check the code
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ResendProps {
  sentAt: number | undefined;
  busy: boolean;
  onSend: () => void;
}

function Resend({ sentAt, busy, onSend }: ResendProps) {
  const now = useNow();
  // the shared clock may be a second behind
  const passed = sentAt ? Math.max(0, now - sentAt) : WAIT_MS;
  const left = Math.ceil((WAIT_MS - passed) / 1000);
  return (
    <Button
      variant="default"
      loading={busy}
      disabled={left > 0}
      onClick={onSend}
    >
      {left > 0 ? `Another one in ${left} s` : "Send another one"}
    </Button>
  );
}

function useProof(
  userId: string,
  method: ContactMethodOut,
  onDone: () => void,
) {
  const queryClient = useQueryClient();
  const path = { user_id: userId, method_id: method.id };
  const send = useMutation({
    mutationFn: async () => {
      const sent = await sendVerification({ path });
      return {
        notificationId: sent.notification_id,
        expiresAt: sent.expires_at,
        channel: method.channel,
        userId,
        at: Date.now(),
      };
    },
    meta: { showsErrors: true },
    onSuccess: () => check.reset(),
  });
  const check = useMutation({
    mutationFn: async (code: string) =>
      (await putVerification({ path, body: { code } })).verified,
    meta: { showsErrors: true },
    onSuccess: async (verified) => {
      if (!verified) return;
      await queryClient.invalidateQueries({
        queryKey: methodsQuery(userId).queryKey,
      });
      toastDone("Verified: you can be paged there");
      onDone();
    },
  });
  return { send, check };
}

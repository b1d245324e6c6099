import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Room } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { SentFate } from "../../ui/SentFate";
import { toastDone } from "../../ui/toast";
import { useRoom } from "./use-room";

const WRONG = "This is not the code. Look again, or post another one.";

interface Props {
  room: Pick<Room, "id" | "channel" | "name">;
  onClose: () => void;
}

/** Prove an earlier room. */
export function ProveRoom({ room, onClose }: Props) {
  const small = useMediaQuery("(max-width: 47.99em)");
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Prove ${room.name}`}
      size="lg"
      fullScreen={small}
      closeOnClickOutside={false}
    >
      <ProveForm room={room} onDone={onClose} />
    </Modal>
  );
}

interface FormProps {
  room: Props["room"];
  onDone: () => void;
}

/** A code is posted in the room, and whoever reads it there types it in here. */
export function ProveForm({ room, onDone }: FormProps) {
  const { sendCode, check } = useRoom(room);
  const [code, setCode] = useState("");
  const asked = useRef(false);
  useEffect(() => {
    // once, also where effects run twice
    if (asked.current) return;
    asked.current = true;
    sendCode.mutate();
  }, [sendCode]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate(code, {
      onSuccess: (verified) => {
        if (!verified) return;
        toastDone(`Proven: steps can post in ${room.name}`);
        onDone();
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          A code is posted in <strong>{room.name}</strong>. Type it in here;
          until then nothing else is posted there.
        </Text>
        {sendCode.data && (
          <SentFate
            key={sendCode.data.notificationId}
            sent={sendCode.data}
            what="The code"
          />
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
        <Problem text={(check.error ?? sendCode.error)?.message} />
        <Group justify="end">
          <Button
            variant="default"
            loading={sendCode.isPending}
            onClick={() => sendCode.mutate()}
          >
            Post another one
          </Button>
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

import {
  Button,
  Center,
  Image,
  Modal,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { beginTotp, confirmTotp } from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { factorsQuery } from "./queries";

interface Props {
  onClose: () => void;
  onCodes: (codes: string[]) => void;
}

/** Show an authenticator app its secret, and have it show a code. */
export function AppModal({ onClose, onCodes }: Props) {
  const queryClient = useQueryClient();
  const [code, setCode] = useState("");
  const begun = useQuery({
    queryKey: ["factors", "totp"],
    queryFn: () => withStepUp(() => beginTotp()),
    // each time another secret, never one of before; and never another one while somebody
    // scans it, whatever else is asked for again
    gcTime: 0,
    staleTime: "static",
    retry: false,
  });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => withStepUp(() => confirmTotp({ body: { code } })),
    meta: { showsErrors: true },
    onSuccess: async ({ recovery_codes }) => {
      toastDone("The authenticator app counts from now on");
      await queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey });
      onClose();
      onCodes(recovery_codes);
    },
  });
  return (
    <Modal opened onClose={onClose} title="Add an authenticator app">
      <Loaded what="The secret" query={begun}>
        {({ secret, qr_svg }) => (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              mutate();
            }}
          >
            <Stack>
              <Text size="sm">
                Scan this with the app, or type the secret into it. Then give
                the six digits that it shows.
              </Text>
              <Center>
                <Image
                  src={`data:image/svg+xml;utf8,${encodeURIComponent(qr_svg)}`}
                  alt="QR code with the secret"
                  w={220}
                  h={220}
                />
              </Center>
              <CopyField label="the secret" value={secret} />
              <Problem text={error?.message} />
              <TextInput
                label="Code that the app shows"
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                data-autofocus
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
              <Button type="submit" loading={isPending}>
                Add the app
              </Button>
            </Stack>
          </form>
        )}
      </Loaded>
    </Modal>
  );
}

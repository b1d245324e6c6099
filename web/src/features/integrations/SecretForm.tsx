import { PasswordInput, SegmentedControl, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createSigningSecret } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { signingQuery } from "./queries";

const SHORTEST = 8;

interface Props {
  integrationId: string;
  /** there is one already */
  rotates: boolean;
  onClose: () => void;
  /** a secret that PageFree made: to be shown once */
  onMade: (secret: string) => void;
}

/** A secret of the tool's, or a new one. */
export function SecretForm(props: Props) {
  const { integrationId, rotates, onClose, onMade } = props;
  const queryClient = useQueryClient();
  const [own, setOwn] = useState("");
  const [way, setWay] = useState("new");
  const [wrong, setWrong] = useState<string>();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      createSigningSecret({
        path: { integration_id: integrationId },
        body: way === "own" ? { secret: own } : {},
      }),
    meta: { showsErrors: true },
    onSuccess: async ({ secret }) => {
      await queryClient.invalidateQueries({
        queryKey: signingQuery(integrationId).queryKey,
      });
      if (way === "new") return onMade(secret);
      toastDone("The secret is set");
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={rotates ? "Change the secret" : "Set a secret"}
      action={way === "new" ? "Make a secret" : "Keep the secret"}
      busy={isPending}
      problem={error?.message}
      onSubmit={(event) => {
        event.preventDefault();
        if (way === "own" && own.length < SHORTEST)
          setWrong(`At least ${SHORTEST} characters`);
        else mutate();
      }}
    >
      <SegmentedControl
        aria-label="Whose secret"
        value={way}
        onChange={setWay}
        data={[
          { value: "new", label: "Make one here" },
          { value: "own", label: "The tool made one" },
        ]}
      />
      {way === "own" ? (
        <PasswordInput
          label="The tool's secret"
          description="It is kept encrypted, and not shown again"
          autoComplete="off"
          maxLength={1000}
          data-autofocus
          value={own}
          error={wrong}
          onChange={(event) => {
            setWrong(undefined);
            setOwn(event.currentTarget.value);
          }}
        />
      ) : (
        <Text size="sm">
          A long random secret is made and shown once, to paste into the tool.
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {rotates
          ? "The secret before stays good for another day, so that nothing is lost while the tool is moved over."
          : "From then on unsigned requests are refused; that can be switched off."}
      </Text>
    </FormModal>
  );
}

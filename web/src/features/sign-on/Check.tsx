import { Alert, Button, Group } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { checkIdentityProvider, type ProviderOut } from "../../api/generated";

/** Can its configuration be fetched and read? */
export function Check({ provider }: { provider: ProviderOut }) {
  const { mutate, isPending, data } = useMutation({
    mutationFn: () =>
      checkIdentityProvider({ path: { provider_id: provider.id } }),
  });
  return (
    <>
      <Group>
        <Button variant="default" loading={isPending} onClick={() => mutate()}>
          Test the issuer
        </Button>
      </Group>
      {data && (
        <Alert
          role="status"
          variant="light"
          color={data.works ? "teal" : "red"}
          icon={
            data.works ? (
              <IconCheck aria-hidden />
            ) : (
              <IconAlertTriangle aria-hidden />
            )
          }
        >
          {data.problem ??
            (data.signs_out
              ? "It answers. Signing out here signs people out there, too."
              : "It answers. Signing out here leaves people signed in there.")}
        </Alert>
      )}
    </>
  );
}

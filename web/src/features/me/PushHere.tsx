import { Button, Group, Text } from "@mantine/core";
import { IconBellOff, IconBellRinging } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { methodsQuery } from "../../api/channels";
import { useMe } from "../../me";
import { isApple, isInstalled } from "../../pwa/install";
import { obstacle } from "../../pwa/push";
import { Ago } from "../../ui/Ago";
import { usePush } from "./use-push";

/** Notifications of the system on this device. */
export function PushHere() {
  const { key, methodId, on, off } = usePush();
  const method = useQuery(methodsQuery(useMe().id)).data?.find(
    ({ id }) => id === methodId,
  );
  if (method)
    return (
      <Group gap="sm">
        <IconBellRinging size={18} aria-hidden />
        <Text size="sm">
          This device notifies you.{" "}
          {method.proven_at ? (
            <>
              Last proof: <Ago at={method.proven_at} />.
            </>
          ) : (
            "No message is known to have arrived yet."
          )}
        </Text>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconBellOff size={16} />}
          loading={off.isPending}
          onClick={() => off.mutate(method.id)}
        >
          Stop notifying here
        </Button>
      </Group>
    );
  const why = key ? whyNot() : NOTHING_PUSHED;
  if (why || !key)
    return key === undefined ? null : (
      <Text size="sm" c="dimmed">
        {why}
      </Text>
    );
  return (
    <Group gap="sm">
      <Button
        leftSection={<IconBellRinging size={16} />}
        loading={on.isPending}
        onClick={() => on.mutate(key)}
      >
        Notify me on this device
      </Button>
      <Text size="sm" c="dimmed">
        With buttons to acknowledge, also while PageFree is closed.
      </Text>
    </Group>
  );
}

const NOTHING_PUSHED = "Notifications of the system are not set up here.";

function whyNot(): string | undefined {
  switch (obstacle()) {
    case "unsupported":
      return isApple() && !isInstalled()
        ? "Install the app first: then it can notify you."
        : "This browser takes no notifications from this address; that needs HTTPS.";
    case "forbidden":
      return "Notifications of this site are blocked in the settings of the browser. Allow them there, then come back.";
    default:
      return undefined;
  }
}

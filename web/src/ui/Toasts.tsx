import { useMediaQuery } from "@mantine/hooks";
import { Notifications } from "@mantine/notifications";

// the places of a phone, and the actions of an incident's page
const ABOVE_THE_BARS = "calc(124px + env(safe-area-inset-bottom))";

/** Where toasts appear: never over the bars at the bottom. */
export function Toasts() {
  const desktop = useMediaQuery("(min-width: 48em)");
  return (
    <Notifications
      position={desktop ? "bottom-right" : "bottom-center"}
      style={desktop ? undefined : { bottom: ABOVE_THE_BARS }}
    />
  );
}

import { useMediaQuery } from "@mantine/hooks";
import { Notifications } from "@mantine/notifications";
import classes from "./Toasts.module.css";

/** Where toasts appear: never over the bars at the bottom. */
export function Toasts() {
  const desktop = useMediaQuery("(min-width: 48em)");
  return (
    <Notifications
      position={desktop ? "bottom-right" : "bottom-center"}
      classNames={{ root: classes.root }}
    />
  );
}

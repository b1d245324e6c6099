import { Alert } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { At } from "../ui/Ago";
import { TextLink } from "../ui/links";

/** Tells who has no second factor from when on they need one. */
export default function FactorOwed({ from }: { from: string }) {
  return (
    <Alert
      icon={<IconShieldLock aria-hidden />}
      color="yellow"
      mb="md"
      title="You need a second factor"
    >
      From <At at={from} /> on a password alone signs nobody in here.{" "}
      <TextLink to="/me" search={{ tab: "security" }} inherit>
        Set one up now
      </TextLink>
      : it takes a minute.
    </Alert>
  );
}

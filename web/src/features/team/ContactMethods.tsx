import { Text } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleDashed,
  IconPlayerPause,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { UserOut } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { contactMethodsQuery } from "./queries";

/** How a person is reached. */
export function ContactMethods({ user }: { user: UserOut }) {
  const query = useQuery(contactMethodsQuery(user.id));
  return (
    <Section title="How they are reached">
      <Loaded what="The contact methods" query={query}>
        {(methods) =>
          methods.length === 0 ? (
            <Text size="sm" c="dimmed">
              By nothing yet. They add contact methods under “Me”.
            </Text>
          ) : (
            <Rows label="Contact methods">
              {methods.map((method) => (
                <Row
                  key={method.id}
                  main={
                    <>
                      <Text fw={600} size="sm">
                        {method.label}
                      </Text>
                      <Text size="sm" c="dimmed">
                        {addressText(method.address)}
                      </Text>
                    </>
                  }
                  side={
                    method.disabled_at ? (
                      <StateLabel
                        tone="orange"
                        icon={IconPlayerPause}
                        word={method.disabled_reason ?? "Switched off"}
                      />
                    ) : method.unverified_since ? (
                      <StateLabel
                        tone="yellow"
                        icon={IconCircleDashed}
                        word="Not verified"
                      />
                    ) : (
                      <StateLabel
                        tone="teal"
                        icon={IconCircleCheck}
                        word="In use"
                      />
                    )
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

/** An address of any channel, as text. */
function addressText(address: Readonly<Record<string, unknown>>): string {
  return Object.values(address)
    .filter((value) => typeof value === "string" || typeof value === "number")
    .join(" · ");
}

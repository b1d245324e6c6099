import { Text } from "@mantine/core";
import type { Partner } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { StateLabel } from "../../ui/StateLabel";
import { exact } from "../../ui/time";
import { STANDINGS } from "./standing";

/** What is known about a partner. */
export function PartnerFacts({ partner }: { partner: Partner }) {
  const { email, organisation, owner, standing, notes } = partner;
  return (
    <Facts>
      <Fact name="Stands">
        <StateLabel {...STANDINGS[standing]} />
      </Fact>
      <Fact name="Address">{email}</Fact>
      {organisation && <Fact name="Organisation">{organisation}</Fact>}
      {owner && <Fact name="Owner">{owner.name}</Fact>}
      {partner.invited_at && (
        <Fact name="Invited">
          <Ago at={partner.invited_at} />
        </Fact>
      )}
      {partner.set_up_at && (
        <Fact name="First signed in">
          <Ago at={partner.set_up_at} />
        </Fact>
      )}
      {partner.expires_at && (
        <Fact name="Until">{exact(partner.expires_at)}</Fact>
      )}
      {notes && (
        <Fact name="Notes">
          <Text span inherit style={{ whiteSpace: "pre-wrap" }}>
            {notes}
          </Text>
        </Fact>
      )}
    </Facts>
  );
}

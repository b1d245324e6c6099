import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { Service } from "../../api/generated";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { alertSettingsQuery } from "./queries";
import { TreatmentForm } from "./TreatmentForm";
import {
  autoResolveInWords,
  groupingInWords,
  MEANS,
  treatmentOf,
} from "./treatment";

interface Props {
  service: Service;
  mayEdit: boolean;
}

/** How a service treats its alerts. */
export function ServiceTreatment({ service, mayEdit }: Props) {
  const settings = useQuery(alertSettingsQuery(service.id));
  const [editing, { open, close }] = useDisclosure();
  return (
    <Section
      title="How its alerts are treated"
      action={
        mayEdit &&
        settings.data && (
          <Button size="xs" variant="default" onClick={open}>
            Change
          </Button>
        )
      }
    >
      <Loaded what="The settings of its alerts" query={settings}>
        {(known) => {
          const treatment = treatmentOf(known);
          return (
            <Facts>
              <Fact name="Share an incident">
                {groupingInWords(treatment)}
                <Text size="sm" c="dimmed">
                  {MEANS[treatment.mode]}
                </Text>
              </Fact>
              <Fact name="Are over">
                {autoResolveInWords(treatment.auto_resolve_s)}
              </Fact>
              {treatment.catch_all && (
                <Fact name="Catch-all">
                  It takes what nothing else routes: see{" "}
                  <TextLink
                    to="/integrations"
                    search={{ tab: "unrouted" }}
                    inherit
                  >
                    what was not routed
                  </TextLink>
                </Fact>
              )}
            </Facts>
          );
        }}
      </Loaded>
      {editing && settings.data && (
        <TreatmentForm
          service={service}
          settings={settings.data}
          onClose={close}
        />
      )}
    </Section>
  );
}

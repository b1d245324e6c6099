import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import type { DependencyRef, Service } from "../../api/generated";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { alertSettingsQuery, dependenciesQuery } from "./queries";
import { TreatmentForm } from "./TreatmentForm";
import {
  autoResolveInWords,
  groupingInWords,
  MEANS,
  tierInWords,
  treatmentOf,
} from "./treatment";

interface Props {
  service: Service;
  mayEdit: boolean;
}

/** How a service treats its alerts, and what it hangs together with. */
export function ServiceTreatment({ service, mayEdit }: Props) {
  const settings = useQuery(alertSettingsQuery(service.id));
  const dependencies = useQuery(dependenciesQuery(service.id));
  const [editing, { open, close }] = useDisclosure();
  const ready = settings.data && dependencies.data;
  return (
    <Section
      title="How its alerts are treated"
      action={
        mayEdit &&
        ready && (
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
              <Fact name="Tier">{tierInWords(known.tier)}</Fact>
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
              <Fact name="Depends on">
                <Services of={dependencies.data?.depends_on} />
              </Fact>
              <Fact name="Needed by">
                <Services of={dependencies.data?.needed_by} />
              </Fact>
            </Facts>
          );
        }}
      </Loaded>
      {editing && ready && (
        <TreatmentForm
          service={service}
          settings={settings.data}
          dependencies={dependencies.data}
          onClose={close}
        />
      )}
    </Section>
  );
}

function Services({ of }: { of: readonly DependencyRef[] | undefined }) {
  if (of === undefined) return "…";
  if (of.length === 0) return "nothing that is known";
  return of.map(({ id, name }, at) => (
    <Fragment key={id}>
      {at > 0 && ", "}
      <TextLink to="/services/$serviceId" params={{ serviceId: id }} inherit>
        {name}
      </TextLink>
    </Fragment>
  ));
}

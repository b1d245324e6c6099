import { Button, Group, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import {
  type DependencyRef,
  putServiceDependencies,
  type Service,
} from "../../api/generated";
import { Fact, Facts } from "../../ui/Facts";
import { FormModal } from "../../ui/FormModal";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { ServicesSelect } from "../../ui/ServiceSelect";
import { useSave } from "../../ui/use-save";
import { dependenciesQuery, STALE } from "./queries";

interface Props {
  service: Service;
  mayEdit: boolean;
}

/** What a service depends on, and what depends on it. */
export function Dependencies({ service, mayEdit }: Props) {
  const query = useQuery(dependenciesQuery(service.id));
  const [editing, { open, close }] = useDisclosure();
  return (
    <Section
      title="Dependencies"
      action={
        <Group gap="xs">
          <ButtonLink
            to="/service-map"
            search={{ around: service.id }}
            variant="subtle"
            size="xs"
          >
            On the map
          </ButtonLink>
          {mayEdit && query.data && (
            <Button size="xs" variant="default" onClick={open}>
              Change
            </Button>
          )}
        </Group>
      }
    >
      <Loaded what="The dependencies" query={query}>
        {({ depends_on, needed_by }) => (
          <>
            <Facts>
              <Fact name="Depends on">
                <Services of={depends_on} />
              </Fact>
              <Fact name="Needed by">
                <Services of={needed_by} />
              </Fact>
            </Facts>
            {editing && (
              <DependenciesForm
                service={service}
                dependsOn={depends_on}
                onClose={close}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Services({ of }: { of: readonly DependencyRef[] }) {
  if (of.length === 0)
    return (
      <Text size="sm" c="dimmed">
        nothing that is known
      </Text>
    );
  return of.map(({ id, name }, at) => (
    <Fragment key={id}>
      {at > 0 && ", "}
      <TextLink to="/services/$serviceId" params={{ serviceId: id }} inherit>
        {name}
      </TextLink>
    </Fragment>
  ));
}

interface FormProps {
  service: Service;
  dependsOn: readonly DependencyRef[];
  onClose: () => void;
}

function DependenciesForm({ service, dependsOn, onClose }: FormProps) {
  const form = useForm({
    initialValues: { depends_on: dependsOn.map(({ id }) => id) },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      putServiceDependencies({ path: { service_id: service.id }, body }),
    stale: STALE,
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`What ${service.name} depends on`}
      action="Save"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <ServicesSelect
        label="Depends on"
        description="While one of these has an incident, it is shown as a possible cause"
        placeholder="Find services"
        except={service.id}
        value={form.values.depends_on}
        onChange={(ids) => form.setFieldValue("depends_on", ids)}
      />
    </FormModal>
  );
}

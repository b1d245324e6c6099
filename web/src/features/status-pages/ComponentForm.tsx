import {
  Accordion,
  Button,
  Select,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import {
  type Component,
  changeComponent,
  createComponent,
  deleteComponent,
  type StatusPage,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { ServicesSelect } from "../../ui/ServiceSelect";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { useSave } from "../../ui/use-save";
import { bodyOf, type ComponentDraft, draftOf } from "./component-draft";
import { RulesFields, USUAL } from "./RulesFields";

interface Props {
  page: StatusPage;
  /** the one to change; none: a new one */
  component?: Component;
  onClose: () => void;
}

/** A line of the page, and what decides how it is. */
export function ComponentForm({ page, component, onClose }: Props) {
  const form = useForm<ComponentDraft>({
    initialValues: draftOf(component),
    validate: {
      name: (name) => (name.trim() ? null : "Say what people know it by"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      component
        ? changeComponent({
            path: { component_id: component.id },
            body: bodyOf(draft),
          })
        : createComponent({
            path: { page_id: page.id },
            body: { ...bodyOf(draft), name: draft.name.trim() },
          }),
    stale: [["status-pages"]],
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={component ? `Change ${component.name}` : "New component"}
      action={component ? "Save" : "Add the component"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        description="In words that people outside know"
        placeholder="Checkout"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Description"
        placeholder="From the basket to the receipt"
        maxLength={2000}
        {...form.getInputProps("description")}
      />
      <ServicesSelect
        label="Services behind it"
        description="Their open incidents decide how it is, and those of what a business service stands on; their names are never shown outside"
        placeholder="None: set by hand and by what you publish"
        value={form.values.service_ids}
        error={form.errors.service_ids}
        onChange={(ids) => form.setFieldValue("service_ids", ids)}
      />
      {page.groups.length > 0 && (
        <Select
          label="Under the heading"
          placeholder="None"
          clearable
          data={page.groups.map(({ id, name }) => ({ value: id, label: name }))}
          value={form.values.group_id}
          onChange={(id) => form.setFieldValue("group_id", id)}
        />
      )}
      <More form={form} page={page} />
      {component && <Remove component={component} onClose={onClose} />}
    </FormModal>
  );
}

interface MoreProps {
  form: UseFormReturnType<ComponentDraft>;
  page: StatusPage;
}

function More({ form, page }: MoreProps) {
  const { rules } = form.values;
  const usual = Object.keys(page.rules).length > 0 ? page.rules : USUAL;
  return (
    <Accordion variant="contained">
      <Accordion.Item value="more">
        <Accordion.Control>Condition, rules, how it is shown</Accordion.Control>
        <Accordion.Panel>
          <Textarea
            label="Alerts that concern it, too"
            description="CEL on open alerts: labels, title, severity, service. Besides the services, or instead of them."
            placeholder={
              'labels.region == "eu" && labels.app.startsWith("shop-")'
            }
            autosize
            minRows={2}
            styles={{ input: { fontFamily: "monospace" } }}
            {...form.getInputProps("condition")}
          />
          <Switch
            my="sm"
            label="Rules of its own, instead of the page’s"
            checked={rules !== null}
            onChange={(event) =>
              form.setFieldValue(
                "rules",
                event.currentTarget.checked ? { ...usual } : null,
              )
            }
          />
          {rules && (
            <RulesFields
              value={rules}
              onChange={(next) => form.setFieldValue("rules", next)}
            />
          )}
          <Switch
            my="sm"
            label="Show the bars of its last 90 days"
            {...form.getInputProps("showcase", { type: "checkbox" })}
          />
          <Switch
            mb="sm"
            label="Show it only while it is in trouble"
            {...form.getInputProps("only_show_if_degraded", {
              type: "checkbox",
            })}
          />
          <TextInput
            type="date"
            label="Uptime counts from"
            description="Empty: from the day it was added"
            {...form.getInputProps("started_on")}
          />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Remove({
  component,
  onClose,
}: {
  component: Component;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        Take it off the page…
      </Button>
      <TypedConfirm
        opened={asking}
        onClose={close}
        title={`Take ${component.name} off the page`}
        action="Take it off"
        name={component.name}
        run={async () => {
          await deleteComponent({ path: { component_id: component.id } });
          await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
          onClose();
        }}
      >
        <Text span inherit>
          Its recorded uptime goes with it. This cannot be taken back.
        </Text>
      </TypedConfirm>
    </>
  );
}

import { Accordion, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import type { StatusPage } from "../../api/generated";
import type { Draft } from "./tell";

interface Props {
  page: StatusPage;
  form: UseFormReturnType<Draft>;
  children?: ReactNode;
}

/** To whom, how loud, when: what is usually as it should be. */
export function UpdateMore({ page, form, children }: Props) {
  const { errors } = form;
  // what is wrong in there must be seen
  const wrong = Boolean(errors.publish_at || errors.display_at);
  return (
    <Accordion
      key={wrong ? "wrong" : "fine"}
      variant="contained"
      defaultValue={wrong ? "more" : null}
    >
      <Accordion.Item value="more">
        <Accordion.Control>Audience, quiet, later</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Select
              label="Who reads it"
              description={
                page.partners
                  ? undefined
                  : "Partners may not look at this page yet"
              }
              data={[
                { value: "everyone", label: "Everyone who may see the page" },
                { value: "partners", label: "Partners only" },
              ]}
              allowDeselect={false}
              {...form.getInputProps("told_to")}
            />
            <Switch
              label="Quiet: on the page only, no message to subscribers"
              {...form.getInputProps("quiet", { type: "checkbox" })}
            />
            <TextInput
              type="datetime-local"
              label="Publish at"
              description="Empty: now"
              {...form.getInputProps("publish_at")}
            />
            <TextInput
              type="datetime-local"
              label="Dated"
              description="The time shown with it, if it was so earlier. Empty: when it is published"
              {...form.getInputProps("display_at")}
            />
            {children}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

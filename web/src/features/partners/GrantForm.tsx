import {
  Checkbox,
  MultiSelect,
  SegmentedControl,
  Select,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import {
  type PageGrant,
  type Partner,
  putPartnerGrant,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";
import { typed } from "./draft";
import { PARTNERS, pageChoicesQuery, pageQuery } from "./queries";

interface Props {
  partner: Partner;
  /** the one to change; none: a new one */
  grant?: PageGrant;
  onClose: () => void;
}

/** Let a partner see a page, or some components of it, perhaps for a while. */
export function GrantForm({ partner, grant, onClose }: Props) {
  const pages = useQuery(pageChoicesQuery).data ?? [];
  const form = useForm({
    initialValues: {
      page: grant?.page.id ?? "",
      what: grant && !grant.whole_page ? "some" : "all",
      components: grant?.components.map(({ id }) => id) ?? [],
      updates: grant?.partner_updates ?? false,
      expires: typed(
        grant?.expires_at ?? grant?.components[0]?.expires_at ?? null,
      ),
    },
    validate: {
      page: (id) => (id ? null : "Choose a page"),
      components: (ids, { what }) =>
        what === "some" && ids.length === 0
          ? "Choose at least one component"
          : null,
    },
  });
  const { page, what } = form.values;
  const components =
    useQuery({ ...pageQuery(page), enabled: page !== "" }).data?.components ??
    [];
  const granted = partner.grants.map((each) => each.page.id);
  const { save, isPending, problem } = useSave({
    form,
    send: (values) =>
      putPartnerGrant({
        path: { partner_id: partner.id, page_id: values.page },
        body: {
          components:
            values.what === "all"
              ? null
              : values.components.map((id) => ({ component_id: id })),
          partner_updates: values.updates,
          expires_at: instantTyped(values.expires),
        },
      }),
    stale: [PARTNERS],
    rename: { expires_at: "expires" },
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`What ${partner.name || partner.email} sees`}
      action="Grant it"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Select
        label="Status page"
        placeholder="Choose a page"
        searchable
        allowDeselect={false}
        disabled={grant !== undefined}
        data={pages
          .filter(({ id }) => id === page || !granted.includes(id))
          .map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps("page")}
        onChange={(id) => {
          form.setFieldValue("page", id ?? "");
          form.setFieldValue("components", []);
        }}
      />
      <SegmentedControl
        aria-label="How much of it"
        data={[
          { value: "all", label: "All of it" },
          { value: "some", label: "Some components" },
        ]}
        {...form.getInputProps("what")}
      />
      {what === "some" && (
        <MultiSelect
          label="Components"
          description="Nothing else of the page exists for them"
          searchable
          disabled={page === ""}
          data={components.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps("components")}
        />
      )}
      <Checkbox
        label="Reads what is told to partners only"
        {...form.getInputProps("updates", { type: "checkbox" })}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        description="By your clock. Empty: until it is taken back"
        {...form.getInputProps("expires")}
      />
    </FormModal>
  );
}

import {
  Button,
  MultiSelect,
  Stack,
  Tabs,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { changeStatusPage, type StatusPage } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { isLanguage, LANGUAGES, textsOf, translationsOf } from "./texts";

/** What a page says of itself, in each of its languages; the first is its own. */
export function Translations({ page }: { page: StatusPage }) {
  const form = useForm({
    initialValues: { languages: page.languages, texts: textsOf(page) },
    validate: {
      languages: (all: string[]) =>
        all.length > 0 ? null : "A page has at least one language",
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ languages, texts }) =>
      changeStatusPage({
        path: { page_id: page.id },
        body: { languages, ...translationsOf(languages, texts) },
      }),
    stale: [["status-pages"]],
    onSaved: () => toastDone("Saved; the page changes within seconds"),
  });
  const { languages } = form.values;
  const own = languages[0];
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack>
        <MultiSelect
          label="Languages"
          description="The first is the page’s own; readers can change to the others. What you publish is not translated."
          data={Object.entries(LANGUAGES).map(([value, label]) => ({
            value,
            label,
          }))}
          {...form.getInputProps("languages")}
        />
        <Tabs defaultValue={own} key={own}>
          <Tabs.List>
            {languages.filter(isLanguage).map((one) => (
              <Tabs.Tab key={one} value={one}>
                {LANGUAGES[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {languages.map((one) => (
            <Tabs.Panel key={one} value={one} pt="sm">
              <Stack>
                {one !== own && (
                  <TextInput
                    label="Name"
                    placeholder={page.name}
                    maxLength={200}
                    {...form.getInputProps(`texts.${one}.name`)}
                  />
                )}
                <Textarea
                  label="Description"
                  description="Below the name"
                  placeholder={one === own ? undefined : page.description}
                  autosize
                  minRows={2}
                  maxLength={2000}
                  {...form.getInputProps(`texts.${one}.description`)}
                />
                <Textarea
                  label="Footer"
                  description="At the end of the page; addresses become links"
                  placeholder={one === own ? undefined : page.footer}
                  autosize
                  minRows={2}
                  maxLength={2000}
                  {...form.getInputProps(`texts.${one}.footer`)}
                />
              </Stack>
            </Tabs.Panel>
          ))}
        </Tabs>
        <Problem text={problem} />
        <div>
          <Button type="submit" loading={isPending}>
            Save the texts
          </Button>
        </div>
      </Stack>
    </form>
  );
}

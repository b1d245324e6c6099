import {
  ActionIcon,
  Combobox,
  Text,
  Textarea,
  Tooltip,
  useCombobox,
} from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { Variable } from "./variables";

interface Props {
  label: string;
  description?: string;
  placeholder?: string;
  required?: boolean;
  error?: string;
  long: boolean;
  value: string;
  variables: readonly Variable[];
  onChange: (text: string) => void;
}

/** A text with variables in it, and the list of those that there are. */
export function TemplateField(props: Props) {
  const { label, long, value, variables, onChange, ...box } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const [wanted, setWanted] = useState("");
  const list = useCombobox({
    onDropdownClose: () => {
      list.resetSelectedOption();
      setWanted("");
    },
    onDropdownOpen: () => list.focusSearchInput(),
  });
  const insert = (path: string) => {
    const at = area.current?.selectionStart ?? value.length;
    const end = area.current?.selectionEnd ?? at;
    const name = `{{${path.replace(/…$/, "name")}}}`;
    onChange(value.slice(0, at) + name + value.slice(end));
    list.closeDropdown();
    const after = at + name.length;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(after, after);
    });
  };
  const found = variables.filter(({ path, what }) =>
    `${path} ${what}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  return (
    <Combobox
      store={list}
      onOptionSubmit={insert}
      position="bottom-end"
      width={340}
      withinPortal
    >
      <Combobox.DropdownTarget>
        <Textarea
          {...box}
          ref={area}
          label={label}
          autosize
          minRows={long ? 2 : 1}
          maxRows={12}
          spellCheck={long}
          value={value}
          rightSectionPointerEvents="all"
          rightSection={
            <Tooltip label="Insert a variable">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Insert a variable into ${label}`}
                onClick={() => list.toggleDropdown()}
              >
                <IconBraces size={16} />
              </ActionIcon>
            </Tooltip>
          }
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Search
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          placeholder="Find a variable"
        />
        <Combobox.Options mah={260} style={{ overflowY: "auto" }}>
          {found.map(({ path, what }) => (
            <Combobox.Option key={path} value={path}>
              <Text size="xs" ff="monospace">
                {path}
              </Text>
              <Text size="xs" c="dimmed">
                {what}
              </Text>
            </Combobox.Option>
          ))}
          {found.length === 0 && (
            <Combobox.Empty>Nothing is called that</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

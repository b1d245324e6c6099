import { useSessionStorage } from "@mantine/hooks";

/** A text that survives reloading the page, under a name of its own. */
export function useKept(name: string): [string, (text: string) => void] {
  const [text, setText, forget] = useSessionStorage({
    key: `pagefree ${name}`,
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  return [text, (next) => (next ? setText(next) : forget())];
}

import { JsonInput } from "@mantine/core";
import { useState } from "react";

interface Props {
  label: string;
  description?: string;
  error?: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

function shown(value: unknown): string {
  return value === undefined || value === null
    ? ""
    : JSON.stringify(value, null, 2);
}

/** Any JSON; what cannot be read yet changes nothing. */
export function JsonField({ value, onChange, error, ...box }: Props) {
  const [text, setText] = useState(() => shown(value));
  const [wrong, setWrong] = useState(false);
  const change = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() ? JSON.parse(next) : null);
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  return (
    <JsonInput
      {...box}
      autosize
      minRows={2}
      maxRows={14}
      formatOnBlur
      placeholder='{"name": "{{incident.title}}"}'
      error={wrong ? "This is not JSON yet" : error}
      value={text}
      onChange={change}
    />
  );
}

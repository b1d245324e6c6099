import { CodeBlock } from "../../ui/CodeBlock";

/** An HTTP request as one reads it; anything else as JSON. */
export function requestText(value: unknown): string {
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const request = value as Record<string, unknown>;
  const { method, url, headers, body } = request;
  if (typeof method !== "string" || typeof url !== "string")
    return JSON.stringify(value, null, 2);
  const head = Object.entries(headers ?? {}).map(
    ([name, text]) => `${name}: ${text}`,
  );
  const said = body === undefined || body === null || body === "";
  const rest = said ? [] : ["", bodyText(body)];
  return [`${method} ${url}`, ...head, ...rest].join("\n");
}

function bodyText(body: unknown): string {
  if (typeof body !== "string") return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** What a step sent, was given or put out. */
export function Shown({ what, value }: { what: string; value: unknown }) {
  return <CodeBlock label={what} text={requestText(value)} />;
}

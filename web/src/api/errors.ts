import { client } from "./generated/client.gen";

/** What the server, or the lack of one, answered; the message is for people. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    message: string,
    /** 0: there was no answer */
    readonly status: number,
    readonly code: string,
    /** by the path of the field, e.g. "email" or "address.url" */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

function field(from: unknown, name: string): unknown {
  return typeof from === "object" && from !== null
    ? Reflect.get(from, name)
    : undefined;
}

function text(from: unknown, name: string, otherwise: string): string {
  const value = field(from, name);
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** `/body/address/url` becomes `address.url`. */
function fieldErrors(body: unknown): Record<string, string> {
  const errors = field(body, "errors");
  if (!Array.isArray(errors)) return {};
  return Object.fromEntries(
    errors.map((error) => [
      text(error, "pointer", "").split("/").slice(2).join("."),
      text(error, "detail", "is not as expected"),
    ]),
  );
}

function sentence(detail: string): string {
  const start = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** Turns an RFC 9457 problem, or a failed request, into an ApiError. */
export function toApiError(
  body: unknown,
  response: Response | undefined,
): unknown {
  if (body instanceof DOMException && body.name === "AbortError") return body;
  if (!response) {
    return new ApiError(
      "PageFree did not answer. Check your connection.",
      0,
      "no_answer",
    );
  }
  const fallback = `PageFree answered with an error (HTTP ${response.status}).`;
  return new ApiError(
    sentence(text(body, "detail", fallback)),
    response.status,
    text(body, "code", "error"),
    fieldErrors(body),
  );
}

client.interceptors.error.use((error, response) => toApiError(error, response));

import type { ChannelSetup } from "../../api/generated";
import { type Field, fieldsOf } from "../../ui/schema";

const KEPT = "Unchanged unless you type a new one";

/** The inputs for credentials: a secret that is stored need not be typed in again. */
export function configFields(
  setup: Pick<ChannelSetup, "config_schema" | "source">,
): Field[] {
  return fieldsOf(setup.config_schema).map((field) =>
    field.kind === "password" && setup.source === "admin"
      ? { ...field, required: false, placeholder: KEPT }
      : field,
  );
}

/** A channel's own words, with the address to paste elsewhere, and without its title. */
export function howToOf(readme: string, address: string): string {
  return readme
    .replace(/^# .*\n+/, "")
    .replaceAll("<address of PageFree>", address);
}

import { Select, type SelectProps } from "@mantine/core";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")];

/** A time zone by its name in the IANA database. */
export function ZoneSelect(props: Omit<SelectProps, "data">) {
  return (
    <Select
      data={ZONES}
      searchable
      limit={50}
      nothingFoundMessage="No zone has that name"
      {...props}
    />
  );
}

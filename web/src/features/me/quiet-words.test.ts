import { expect, test } from "vitest";
import { quietWords } from "./quiet-words";

test("quiet hours past midnight say on which day they end", () => {
  expect(quietWords("22:00:00", "07:00:00", "UTC")).toBe(
    "Every day from 22:00 to 07:00 on the next day, in UTC.",
  );
  expect(quietWords("12:00", "13:30", "Europe/Berlin")).toBe(
    "Every day from 12:00 to 13:30, in Europe/Berlin.",
  );
});

test("hours that begin where they end are the whole day", () => {
  expect(quietWords("08:00", "08:00", "UTC")).toBe("The whole day, in UTC.");
  expect(quietWords("", "08:00", "UTC")).toBe("Say from when and until when.");
});

import { expect, test } from "vitest";
import { base64Of } from "./base64";
import { slugOf } from "./slug";
import { textsOf, translationsOf } from "./texts";

const PAGE = {
  name: "Example",
  languages: ["en", "de"],
  description: "How we are",
  footer: "",
  translations: { de: { name: "Beispiel", description: "", footer: "" } },
};

test("the texts of the first language are the page's own", () => {
  const texts = textsOf(PAGE);
  expect(texts.en?.description).toBe("How we are");
  expect(texts.de?.name).toBe("Beispiel");
  expect(translationsOf(["en", "de"], texts)).toEqual({
    description: "How we are",
    footer: "",
    translations: { de: { name: "Beispiel", description: "", footer: "" } },
  });
});

test("a language that was taken away keeps no texts", () => {
  expect(translationsOf(["en"], textsOf(PAGE)).translations).toEqual({});
});

test.each([
  ["Example Store", "example-store"],
  ["  Über uns! ", "uber-uns"],
  ["---", ""],
])("%j is at %j", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test("bytes are sent as they are, however many", () => {
  const bytes = new Uint8Array(100_000).fill(255);
  expect(atob(base64Of(bytes.buffer))).toHaveLength(100_000);
});

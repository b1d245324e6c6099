import { expect, test } from "vitest";
import { cameOf, SPOKEN, wordsIn } from "./words";

test("every language of the product is spoken, and English elsewhere", () => {
  expect(SPOKEN).toEqual(["en", "de", "es", "fr", "it"]);
  expect(wordsIn("de-AT").open).toBe("Öffnen");
  expect(wordsIn("nl").open).toBe("Open");
  expect(wordsIn("").open).toBe("Open");
});

test.each(SPOKEN)(
  "no sentence of %s is left empty or in English",
  (language) => {
    const { verbs, kept, ...others } = wordsIn(language);
    const said = [...Object.values(verbs), ...Object.values(kept)];
    const all = [...said, ...Object.values(others)];

    expect(all.every((each) => each.length > 0)).toBe(true);
    if (language !== "en") expect(all).not.toContain("You have it");
  },
);

test("what came of a press is what the server says of it", () => {
  const words = wordsIn("en");

  expect(cameOf("yours", "acknowledge", words)).toBe("You have it");
  expect(cameOf("yours", "resolve", words)).toBe("Not resolved");
  expect(cameOf("over", "resolve", words)).toBe("Resolved");
  expect(cameOf("many", "acknowledge", wordsIn("it"))).toBe(
    "Sono tutti in carico a lei",
  );
  expect(cameOf("", "acknowledge", words)).toBe(words.useless);
});

import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../test/render";
import MarkdownText from "./MarkdownText";

test("code is shown to be copied, exactly as it is", async () => {
  show(<MarkdownText text={"Try:\n\n```sh\ncurl -d '<b>' x\n```"} />);

  expect(await screen.findByText("curl -d '<b>' x")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy this" })).toBeTruthy();
});

test("HTML in the text stays text", async () => {
  show(<MarkdownText text={'Hello <img src=x onerror="alert(1)"> **you**'} />);

  expect((await screen.findByText("you")).tagName).toBe("STRONG");
  expect(screen.queryByRole("img")).toBeNull();
  expect(screen.getByText(/<img src=x/)).toBeTruthy();
});

test("a link that is not of the web stays text", async () => {
  show(
    <MarkdownText text="[a](javascript:alert(1)) [b](https://example.org)" />,
  );

  const links = await screen.findAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    "https://example.org",
  ]);
});

test("tables and lists are rendered", async () => {
  show(<MarkdownText text={"| a | b |\n|-|-|\n| 1 | `2` |\n\n- one\n- two"} />);

  expect(await screen.findAllByRole("cell")).toHaveLength(2);
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
});

test("an image of a postmortem is shown, one from elsewhere is not fetched", async () => {
  const id = "01a209cc-870a-7124-8271-8871177601c8";
  const own = `/v1/postmortems/${id}/images/${id}`;
  show(
    <MarkdownText
      text={`![graph](${own}) ![spy](https://spy.example/a.png) ![up](/v1/postmortems/../me)`}
    />,
  );

  const images = await screen.findAllByRole("img");
  expect(images.map((image) => image.getAttribute("src"))).toEqual([own]);
});

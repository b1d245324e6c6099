import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { show } from "../../test/render";
import { Lanes } from "./Lanes";
import { lanesOf } from "./lanes";
import { timeline } from "./samples.testing";
import { windowOf } from "./window";

// fourteen days, a hundred pixels each: jsdom lays nothing out
const WIDTH = 1400;
const window = windowOf("fortnight", "2026-11-25", "UTC");
const at = (text: string) => Date.parse(text);

beforeEach(() => {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue(
    new DOMRect(0, 0, WIDTH, 40),
  );
  Element.prototype.setPointerCapture = () => {};
});

function draw(onOpen = vi.fn(), onDraw = vi.fn()) {
  show(
    <Lanes
      lanes={lanesOf(timeline())}
      window={window}
      zoom="fortnight"
      hue={() => 0}
      hand={{ onOpen, onDraw }}
    />,
  );
  return { onOpen, onDraw };
}

const lane = (name: string) => screen.findByRole("group", { name });

test("drawing over the final lane gives the interval, at hand-offs exactly", async () => {
  const { onDraw, onOpen } = draw();
  const final = await lane("On call");

  fireEvent.pointerDown(final, { button: 0, clientX: 198 });
  fireEvent.pointerMove(final, { clientX: 400 });
  fireEvent.pointerUp(final, { clientX: 702 });
  fireEvent.click(screen.getAllByRole("button")[0] ?? final);

  expect(onDraw).toHaveBeenCalledExactlyOnceWith({
    start: at("2026-11-25T00:00Z"),
    end: at("2026-11-30T00:00Z"),
  });
  expect(onOpen).not.toHaveBeenCalled();
});

test("what is drawn faster than it can be shown is drawn all the same", async () => {
  const { onDraw } = draw();
  const final = await lane("On call");

  act(() => {
    fireEvent.pointerDown(final, { button: 0, clientX: 198 });
    fireEvent.pointerMove(final, { clientX: 702 });
    fireEvent.pointerUp(final, { clientX: 702 });
  });

  expect(onDraw).toHaveBeenCalledOnce();
});

test("nothing is drawn over a layer", async () => {
  const { onDraw } = draw();
  const layer = await lane("Primary");

  fireEvent.pointerDown(layer, { button: 0, clientX: 100 });
  fireEvent.pointerMove(layer, { clientX: 400 });
  fireEvent.pointerUp(layer, { clientX: 400 });

  expect(onDraw).not.toHaveBeenCalled();
});

test("a click on a shift opens it", async () => {
  const { onOpen, onDraw } = draw();

  await userEvent.click(
    (await screen.findAllByRole("button", { name: /^Ana: / }))[0] ??
      document.body,
  );

  expect(onOpen).toHaveBeenCalledOnce();
  expect(onDraw).not.toHaveBeenCalled();
});

test("a finger that stays asks for the shift below it", async () => {
  const { onDraw } = draw();
  const final = await lane("On call");

  fireEvent.pointerDown(final, {
    button: 0,
    pointerType: "touch",
    clientX: 300,
  });

  await waitFor(() =>
    expect(onDraw).toHaveBeenCalledWith(
      expect.objectContaining({ start: at("2026-11-23T00:00Z") }),
    ),
  );
});

test("arrow keys go from shift to shift, and to the lane below", async () => {
  draw();
  const [ana] = await screen.findAllByRole("button", { name: /^Ana: / });
  ana?.focus();

  await userEvent.keyboard("{ArrowRight}");
  expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Nobody/);
  await userEvent.keyboard("{ArrowDown}");
  expect((await lane("Primary")).contains(document.activeElement)).toBe(true);
});

test("a gap, an override and who is as well are said in words", async () => {
  draw();

  expect(
    await screen.findByRole("button", { name: /^Bo: .*override.*Holiday/ }),
  ).toBeTruthy();
  expect(screen.getByRole("button", { name: /^Nobody: / })).toBeTruthy();
});

import type { KeyboardEvent } from "react";

function middle(element: Element): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}

function blocksOf(lane: Element): HTMLElement[] {
  return [...lane.querySelectorAll<HTMLElement>("[data-block]")];
}

/** Arrow keys: to the shift before or after, or to the one above or below. */
export function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const { key, target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !target.dataset.block) return;
  const lanes = [...currentTarget.querySelectorAll("[data-lane]")];
  const lane = lanes.findIndex((each) => each.contains(target));
  const blocks = lanes[lane] ? blocksOf(lanes[lane]) : [];
  const at = blocks.indexOf(target);
  const beside = (other: number) => {
    const found = lanes[other] ? blocksOf(lanes[other]) : [];
    const away = (each: Element) => Math.abs(middle(each) - middle(target));
    return found.sort((a, b) => away(a) - away(b))[0];
  };
  const next: Record<string, () => HTMLElement | undefined> = {
    ArrowLeft: () => blocks[at - 1],
    ArrowRight: () => blocks[at + 1],
    ArrowUp: () => beside(lane - 1),
    ArrowDown: () => beside(lane + 1),
    Home: () => blocks[0],
    End: () => blocks.at(-1),
  };
  const found = next[key];
  if (!found) return;
  event.preventDefault();
  found()?.focus();
}

import { cleanNotifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(() => {
  cleanup();
  // a toast of one test is no button of the next
  cleanNotifications();
});

// what is waited for comes in a moment, but not on a machine that does much besides
configure({ asyncUtilTimeout: 15_000 });

// what jsdom lacks and Mantine asks for
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => {},
  removeEventListener: () => {},
}));
class NeverCalled {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", NeverCalled);
vi.stubGlobal("IntersectionObserver", NeverCalled);
Element.prototype.scrollIntoView = () => {};
window.scrollTo = () => {};
// boxes that grow with their text measure again when a font arrives
Object.defineProperty(document, "fonts", { value: new EventTarget() });

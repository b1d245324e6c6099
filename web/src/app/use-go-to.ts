import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "../me";
import { placesFor } from "./places";

const WITHIN_MS = 1_500;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** g and then a letter goes to a section. */
export function useGoTo() {
  const me = useMe();
  const navigate = useNavigate();
  useEffect(() => {
    let armedAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (
        typing(event.target) ||
        event.metaKey ||
        event.ctrlKey ||
        event.altKey
      )
        return;
      const armed = event.timeStamp - armedAt < WITHIN_MS;
      armedAt = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (!armed) return;
      const place = placesFor(me).find(({ letter }) => letter === event.key);
      if (!place) return;
      // the letter must not also act on the page it leaves
      event.preventDefault();
      event.stopImmediatePropagation();
      void navigate({ to: place.to });
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () =>
      window.removeEventListener("keydown", onKey, { capture: true });
  }, [me, navigate]);
}

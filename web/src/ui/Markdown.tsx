import { lazy, Suspense } from "react";
import { Lines } from "./Loaded";

const Rendered = lazy(() => import("./MarkdownText"));

/** Markdown as elements; HTML in it stays text. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Lines count={3} />}>
      <Rendered text={text} />
    </Suspense>
  );
}

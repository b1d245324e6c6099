import { modals } from "@mantine/modals";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/errors";
import { Lines } from "./Loaded";

const Confirm = lazy(() => import("./ConfirmItIsYou"));
const NAME = "confirm that it is you";

/** Do something grave; whoever has not proven lately that it is them is asked to, then it is done. */
export async function withStepUp<Done>(
  act: () => Promise<Done>,
): Promise<Done> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "not_confirmed")
      throw error;
    if (!(await askedAndConfirmed()))
      throw new ApiError("Nothing was changed.", 0, "not_confirmed");
    return act();
  }
}

function askedAndConfirmed(): Promise<boolean> {
  return new Promise((resolve) => {
    modals.open({
      modalId: NAME,
      title: "Confirm that it is you",
      closeButtonProps: { "aria-label": "Close" },
      onClose: () => resolve(false),
      children: (
        <Suspense fallback={<Lines count={3} />}>
          <Confirm
            onConfirmed={() => {
              resolve(true);
              modals.close(NAME);
            }}
          />
        </Suspense>
      ),
    });
  });
}

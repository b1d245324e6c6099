/** What a palette lets one drag. */
export const DRAGGED = "application/x-pagefree-step";

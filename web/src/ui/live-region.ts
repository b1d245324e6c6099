/** Say `text` to screen readers, politely; the region is in the frame of the app. */
export function announce(text: string) {
  const region = document.getElementById("announcements");
  if (region) region.textContent = text;
}

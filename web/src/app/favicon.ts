const BELL =
  "M16 6a6.5 6.5 0 0 0-6.5 6.5V17L7.4 20.2A1 1 0 0 0 8.2 21.8h15.6a1 1 0 0 0 .8-1.6L22.5 17v-4.5A6.5 6.5 0 0 0 16 6Z";

/** The icon of the tab, with a red number while incidents wait. */
export function drawFavicon(count: number) {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  if (count === 0) {
    link.href = "/favicon.svg";
    return;
  }
  const text = count > 99 ? "99" : String(count);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4263eb"/><path d="${BELL}" fill="#fff"/><circle cx="22" cy="22" r="10" fill="#c92a2a"/><text x="22" y="27" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="14" fill="#fff">${text}</text></svg>`;
  link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

import { formatCount } from "../../../../base/text.ts";
import { html, type Html } from "./markup.ts";

/** Longest repository text that a cell shows; a path of 4 000 characters must not make the page. */
const longestText = 120;
const monthNames = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
] as const;
const dayMs = 86_400_000;

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `0.421` → `42 %`; a small share does not become nothing. */
export function percent(fraction: number): string {
  if (fraction > 0 && fraction < 0.005) return "< 1 %";
  return `${Math.round(fraction * 100)} %`;
}

/** `1 234 567` → `1.2 M`: for figures in which the last digits only distract. */
export function compact(value: number): string {
  if (value < 10_000) return formatCount(value);
  const [scaled, unit] = value < 999_500 ? [value / 1000, "k"] : [value / 1_000_000, "M"];
  return `${scaled < 100 ? scaled.toFixed(1) : formatCount(scaled)} ${unit}`;
}

export function day(instant: string): string {
  return instant.slice(0, 10);
}

export function month(instant: string): string {
  return instant.slice(0, 7);
}

/** `Mar 2024`, UTC. */
export function monthYear(timeMs: number): string {
  const date = new Date(timeMs);
  return `${monthNames[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `11 years`, `7 months`, `12 days` between two instants. */
export function timeSpan(from: string, to: string): string {
  const days = Math.max(0, (Date.parse(to) - Date.parse(from)) / dayMs);
  if (!Number.isFinite(days)) return "";
  if (days < 60) return plural(Math.max(1, Math.round(days)), "day");
  if (days < 2 * 365) return plural(Math.round(days / 30.44), "month");
  const years = days / 365.25;
  return years < 10 ? `${years.toFixed(1)} years` : plural(years, "year");
}

/** At most `most` characters; the middle goes, for both ends of a path or a command say something. */
export function clip(text: string, most = longestText): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, most * 2));
  const end = Array.from(text.slice(-most * 2));
  const half = Math.floor((most - 1) / 2);
  return `${characters.slice(0, half).join("")}…${end.slice(-half).join("")}`;
}

/** A path whose last part stands out, with its line when there is one. Lines break after a slash, if at all. */
export function pathText(path: string, line?: number): Html {
  const shown = clip(path);
  const cut = shown.replace(/\/$/, "").lastIndexOf("/") + 1;
  const folders = shown
    .slice(0, cut)
    .split(/(?<=\/)/)
    .map((part) => html`${part}<wbr />`);
  const place = line === undefined ? null : html`<span class="at">:${line}</span>`;
  return html`<span class="path"
    >${cut > 0 && html`<span class="dir">${folders}</span>`}${shown.slice(cut)}${place}</span
  >`;
}

/** Several `path:line`, the rest as a number. */
export function places(
  evidence: readonly { readonly path: string; readonly line: number }[],
  most: number,
): Html {
  const shown = evidence.slice(0, most).map((place) => html`<li>${pathText(place.path, place.line)}</li>`);
  const rest = evidence.length - shown.length;
  return html`<ul class="places">
    ${shown}${rest > 0 && html`<li class="quiet">and ${rest} more</li>`}
  </ul>`;
}

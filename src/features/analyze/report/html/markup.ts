import { printableLine } from "../../../../base/text.ts";

/** Markup that is safe to write out. Only `html` makes it, so a plain string can never be taken for it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** Template for markup: every value is escaped, except markup that an inner `html` made. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let markup = withoutIndent(strings[0]!);
  for (const [index, value] of values.entries()) markup += render(value) + withoutIndent(strings[index + 1]!);
  return new Html(markup);
}

/** Our own constant text (style sheet, script) as it is. Never for anything that comes from a repository. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** Safe between tags and inside quoted attributes; control and direction characters become visible. */
export function escapeText(text: string): string {
  return printableLine(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A colour of the data, or null when it is anything but `#rrggbb`: it ends up inside attributes. */
export function hexColor(color: string | null): string | null {
  return color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : null;
}

/** The indent of our source is a fifth of a page; a line break means the same to a browser. */
function withoutIndent(text: string): string {
  return text.includes("\n") ? text.replace(/\s*\n\s*/g, "\n") : text;
}

function render(value: Content): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(render).join("");
  return typeof value === "number" ? String(value) : escapeText(value);
}

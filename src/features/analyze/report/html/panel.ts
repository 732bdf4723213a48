import { html, type Content, type Html } from "./markup.ts";

export interface Section {
  /** Anchor of the section. */
  readonly id: string;
  readonly title: string;
  /** One line of figures beside the title. */
  readonly remark: string;
  readonly body: Content;
}

/** One thing with its own heading inside a section. `width` in columns of the section's grid. */
export function panel(
  title: string,
  note: Content,
  body: Content,
  width: "half" | "full" | "third" | "two-thirds" = "full",
): Html | null {
  if (
    body === null ||
    body === false ||
    body === "" ||
    (Array.isArray(body) && body.every((part) => part === null || part === false))
  )
    return null;
  return html`<div class="panel ${width}">
    <h3>${title}</h3>
    ${note === "" ? null : html`<p class="note">${note}</p>`} ${body}
  </div> `;
}

export function sectionMarkup(section: Section): Html {
  return html`<section id="${section.id}" aria-labelledby="${section.id}-title">
    <header>
      <h2 id="${section.id}-title">${section.title}</h2>
      <p>${section.remark}</p>
    </header>
    <div class="panels">${section.body}</div>
  </section> `;
}

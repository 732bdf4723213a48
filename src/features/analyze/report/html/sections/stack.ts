import type { Analysis } from "../../../../../contracts/analysis.ts";
import { html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, places, plural } from "../wording.ts";

const mostItems = 40;

/** Technologies by category, each with the lines that show it. */
export function stackSection({ stack }: Analysis): Section | null {
  if (stack.length === 0) return null;
  const categories = [...Map.groupBy(stack, (item) => item.category)];
  return {
    id: "stack",
    title: "Stack",
    remark: `${plural(stack.length, "technology", "technologies")} in ${plural(categories.length, "category", "categories")}, each with the line that shows it`,
    body: html`<div class="stack-groups">
      ${categories.slice(0, mostItems).map(([category, items]) =>
        panel(
          capitalised(category),
          "",
          html`<ul class="stack-list">
            ${items
              .slice(0, mostItems)
              .map(
                (item) =>
                  html`<li>
                    <span class="tech"
                      >${clip(item.name, 60)}${item.version === undefined ? null : html` <span class="version">${clip(item.version, 30)}</span>`}</span
                    >${places(item.evidence, 2)}
                  </li> `,
              )}${items.length > mostItems && html`<li class="quiet">and ${items.length - mostItems} more</li>`}
          </ul>`,
        ),
      )}
    </div>`,
  };
}

function capitalised(category: string): string {
  const shown = clip(category, 60).replaceAll("-", " ");
  return shown.length <= 3 ? shown.toUpperCase() : shown.charAt(0).toUpperCase() + shown.slice(1);
}

import { formatCount } from "../../../../../base/text.ts";
import type { Analysis } from "../../../../../contracts/analysis.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, pathText, plural } from "../wording.ts";
import { withoutCredentials } from "./overview.ts";

const mostPerCode = 20;
const mostCodes = 40;

/** What was left out or could not be read: nothing is dropped in silence. */
export function warningsSection({ warnings }: Analysis): Section | null {
  if (warnings.length === 0) return null;
  const byCode = [...Map.groupBy(warnings, (warning) => warning.code)];
  return {
    id: "warnings",
    title: "Warnings",
    remark: `${plural(warnings.length, "remark")} on what was left out or could not be read`,
    body: byCode.slice(0, mostCodes).map(([code, list]) =>
      panel(
        clip(code, 60),
        "",
        html`<ul class="warnings">
          ${list.slice(0, mostPerCode).map((warning) => html`<li>${warning.path !== undefined && html`${pathText(warning.path)} `}${clip(warning.message, 400)}</li>`)}${list.length > mostPerCode && html`<li class="quiet">and ${formatCount(list.length - mostPerCode)} more</li>`}
        </ul>`,
      ),
    ),
  };
}

/** How the page was made, so that it can be made again. */
export function footer({ schema, repository, timings }: Analysis): Html {
  const total = timings["totalMs"];
  const stages = Object.entries(timings)
    .filter(([name]) => name !== "totalMs")
    .slice(0, 20);
  return html`<footer>
    <p>
      Made by Repowright${total !== undefined && ` in ${seconds(total)}`} from commit
      <code>${repository.head}</code> of
      <span class="source">${clip(withoutCredentials(repository.source))}</span>. Report
      <code>${schema}</code>. The page loads nothing from anywhere.
    </p>
    ${stages.length > 0 && html`<p class="timings">Finished after: ${stages.map(([name, ms], index) => html`${index > 0 && ", "}${clip(name.replace(/Ms$/, ""), 30)} ${seconds(ms)}`)}</p>`}
  </footer> `;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

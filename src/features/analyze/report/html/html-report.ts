import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Analysis } from "../../../../contracts/analysis.ts";
import { html, trusted, type Html } from "./markup.ts";
import { sectionMarkup, type Section } from "./panel.ts";
import { activitySection } from "./sections/activity.ts";
import { dependenciesSection } from "./sections/dependencies.ts";
import { hotspotsSection } from "./sections/hotspots.ts";
import { languagesSection } from "./sections/languages.ts";
import { overview } from "./sections/overview.ts";
import { peopleSection } from "./sections/people.ts";
import { stackSection } from "./sections/stack.ts";
import { structureSection } from "./sections/structure.ts";
import { symbolsSection } from "./sections/symbols.ts";
import { footer, warningsSection } from "./sections/warnings.ts";
import { clip } from "./wording.ts";

const sections = [
  activitySection,
  languagesSection,
  hotspotsSection,
  peopleSection,
  stackSection,
  dependenciesSection,
  structureSection,
  symbolsSection,
  warningsSection,
];

/** In the order of the cascade. */
const styles = ["palette", "frame", "tables", "charts", "lists", "print"].map((name) => `style/${name}.css`);

/**
 * The report as one page that loads nothing: style, charts and one small script (the filter of the dependency
 * table, named by its hash in the policy) are inside it. Everything from the repository is escaped.
 */
export function htmlReport(report: Analysis): string {
  const style = styles.map(readBeside).join("\n");
  const shown = sections.map((make) => make(report)).filter((section) => section !== null);
  const script = shown.some((section) => section.id === "dependencies") ? readBeside("filter.js") : null;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${clip(report.repository.name, 80)}: Repowright analysis</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        ${navigation(shown)}
        <main id="main">${overview(report)}${shown.map(sectionMarkup)}</main>
        ${footer(report)}${script === null ? null : inlineScript(script)}
      </body>
    </html> `.markup;
}

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** Not a template: the formatter indents what stands inside one, and the policy names the exact bytes. */
function inlineScript(script: string): Html {
  return trusted(`<script>${script}</script>`);
}

function contentPolicy(script: string | null): string {
  const scripts =
    script === null ? "'none'" : `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${scripts}; base-uri 'none'; form-action 'none'`;
}

function navigation(shown: readonly Section[]): Html {
  return html`<nav aria-label="Sections">
    <ul>
      <li><a href="#overview">Overview</a></li>
      ${shown.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}
    </ul>
  </nav> `;
}

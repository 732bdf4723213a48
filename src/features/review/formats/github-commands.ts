import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";

const commands: Readonly<Record<Finding["severity"], string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/**
 * Workflow commands of GitHub Actions: written to a step's log they become annotations on the lines. Percent signs, line
 * ends and, in properties, colons and commas are escaped, so that nothing in a repository can write a command of its own.
 */
export function formatGithubCommands(review: ReviewResult): string {
  return review.findings
    .map((finding) => {
      const properties = [
        `file=${escapeProperty(finding.path)}`,
        // Annotations are on the new side; what was removed is told without a place.
        ...(finding.side === "new" ? [`line=${finding.line}`, `endLine=${finding.endLine}`] : []),
        `title=${escapeProperty(finding.rule)}`,
      ].join(",");
      return `::${commands[finding.severity]} ${properties}::${escapeData(`${finding.message} ${finding.why}`)}\n`;
    })
    .join("");
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

import type { FactTopic } from "../fact-topic.ts";
import { findPlace } from "../find-place.ts";
import { enumerate, percent, plural } from "../wording.ts";

const general =
  /^(?:what|which) (?:files|pairs of files) (?:are )?(?:usually |often |always )?(?:changed?|coupled|edited)(?: most)? together(?: most)?(?: often)?$/i;
const withOne =
  /^(?:what|which)(?: (?:other )?files)?(?: else)? (?:usually |often )?(?:changes?|is changed|are changed|is coupled|are coupled)(?: together| along)? (?:with|to) (?<place>\S+)$/i;

export const coupling: FactTopic = {
  id: "coupling",
  examples: {
    answered: [
      "Which files change together?",
      "What else changes with src/server/index.ts?",
      "which files are changed together with index.ts",
    ],
    left: [
      "Which files change the session?",
      "What changes with the new protocol version?",
      "which tests run together",
    ],
  },
  find({ text }, analysis) {
    const pairs = analysis.history.coupling;
    const named = withOne.exec(text)?.groups?.["place"];
    const place = named === undefined ? null : findPlace(named, analysis);
    if (!general.test(text) && place === null) return null;
    const found = place ? pairs.filter((pair) => pair.a === place.path || pair.b === place.path) : pairs;
    if (found.length === 0) return null;
    const shown = found.slice(0, 4).map((pair) => {
      const other = place?.path === pair.a ? pair.b : pair.a;
      const pairName = place ? other : `${pair.a} and ${pair.b}`;
      return `${pairName} (${plural(pair.together, "commit")}, ${percent(pair.degree)})`;
    });
    return {
      statement: place
        ? `${place.path} changes together with ${enumerate(shown)}.`
        : `Most often together change ${shown.join("; ")}.`,
      evidence: found.slice(0, 6).map((pair) => ({
        path: place?.path === pair.a ? pair.b : pair.a,
        note: `${plural(pair.together, "commit")} together with ${place?.path === pair.a ? pair.a : pair.b}`,
      })),
      confidence: place && !place.isExact ? "likely" : "certain",
    };
  },
};

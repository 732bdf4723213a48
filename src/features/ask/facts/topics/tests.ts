import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "where how many much test tests testing unit files file folder kept live located tested specs",
);
const asks =
  /^where (are|do|is) (the |its |all )?(unit )?(tests|test files|specs|test folder)( live| kept| located)?$|^how many (unit )?tests?( files)?( are there| does it have)?$|^(does it have|are there|has it|has it got) (any )?(unit )?tests$|^is (it|this) tested$/i;

export const tests: FactTopic = {
  id: "tests",
  examples: {
    answered: [
      "Where are the tests?",
      "how many test files are there?",
      "Does it have tests?",
      "is it tested",
    ],
    left: [
      "Where are tests skipped?",
      "Which tests cover the parser?",
      "How many tests run in parallel?",
      "Where is the test database created?",
    ],
  },
  find(question, { structure }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    const { files, paths } = structure.tests;
    if (files === 0)
      return { statement: "No test files were recognised.", evidence: [], confidence: "likely" };
    const places = paths.map((path) => (path === "." ? "the top folder" : `${path}/`));
    return {
      statement: `There ${files === 1 ? "is" : "are"} ${plural(files, "test file")} of ${plural(structure.files, "file")}, in ${enumerate(places, 5)}.`,
      evidence: paths.slice(0, 8).map((path) => ({ path, note: "holds tests" })),
      confidence: "certain",
    };
  },
};

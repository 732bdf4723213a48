import { defineRule } from "../../contracts/review-rule.ts";
import { openParts, readBuiltString } from "./shared/built-string.ts";
import { ecmascript } from "./shared/ecmascript.ts";

const cleaned =
  /sanitiz|purify|escape|encode|trusted|\bt\(|i18n|translate|render(To)?(Static)?(Markup|String)|marked|highlight|toHTML|\.innerHTML$|^["'`]|safe|katex|icon|svg/i;

export default defineRule({
  id: "unsafe-html",
  kind: "syntax",
  title: "HTML made of data",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "Data becomes HTML here as it is.",
  why: "Markup in the data runs scripts in the page of whoever looks at it.",
  docs: "Finds `innerHTML`, `outerHTML`, `insertAdjacentHTML`, `document.write` that are given a text built from something other than constants, and `dangerouslySetInnerHTML` of a property or parameter. Values that are sanitised, escaped or rendered by a library are left alone. Set `textContent`, or sanitise.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((assignment_expression left: (member_expression property: (property_identifier) @name) right: (member_expression) @foreign) @finding (#any-of? @name "innerHTML" "outerHTML")
          (#match? @foreign "^(event|e|evt)[.]data\\\\b|^(window[.]|document[.])?location[.](hash|search|href)|^document[.](URL|referrer)$"))
        ((assignment_expression left: (member_expression property: (property_identifier) @name) right: [(template_string) (binary_expression)] @html) @finding (#any-of? @name "innerHTML" "outerHTML"))
        ((augmented_assignment_expression left: (member_expression property: (property_identifier) @name) right: [(template_string) (binary_expression)] @html) @finding (#any-of? @name "innerHTML" "outerHTML"))
        ((call_expression function: (member_expression object: (identifier) @object property: (property_identifier) @name) arguments: (arguments . [(template_string) (binary_expression)] @html)) @finding
          (#eq? @object "document") (#any-of? @name "write" "writeln"))
        ((call_expression function: (member_expression property: (property_identifier) @name) arguments: (arguments . (_) . [(template_string) (binary_expression)] @html)) @finding (#eq? @name "insertAdjacentHTML"))`,
    },
    {
      languages: ["javascript", "tsx"],
      query: `((jsx_attribute (property_identifier) @name (jsx_expression (object (pair key: (property_identifier) @key value: (member_expression) @data)))) @finding
        (#eq? @name "dangerouslySetInnerHTML") (#eq? @key "__html"))`,
    },
  ],
  check({ capture, file }) {
    /** A number, a file of the build, or a text of the program's own. */
    const isOwn = (text: string): boolean => {
      const name = /^\$?\{?\s*([A-Za-z_$][\w$]*)\s*\}?$/.exec(text)?.[1]?.replaceAll("$", "\\$");
      return (
        name !== undefined &&
        new RegExp(
          `\\bimport\\s[^;]{0,300}\\b${name}\\b[^;]{0,300}\\bfrom\\b|\\b(?:let|const|var)\\s+${name}\\s*=\\s*["'\`\\d]`,
        ).test(file.text ?? "")
      );
    };
    const foreign = capture("foreign")?.text;
    if (foreign !== undefined) return { message: `\`${foreign.slice(0, 60)}\` becomes HTML as it is.` };
    const data = capture("data");
    if (data !== undefined)
      return cleaned.test(data.text) ||
        !/^(props|this\.props|post|user|comment|data|item|article|message|query|params)\b/.test(data.text)
        ? null
        : {};
    const segments = readBuiltString(capture("html")!);
    if (segments === null) return null;
    const open = openParts(segments).filter(
      ({ text }) => !cleaned.test(text.replace(/^\$?\{\s*/, "")) && !isOwn(text),
    );
    // A number, a class or an id of the program's own is no markup.
    const first = open.find(
      ({ text }) =>
        !/(id|index|count|width|height|size|x|y|class\w*|style|color|colour|total|length|\?.*:.*)\}?$/i.test(
          text,
        ),
    );
    return first === undefined
      ? null
      : { message: `\`${first.text.replace(/^\$?\{|\}$/g, "").slice(0, 60)}\` becomes HTML as it is.` };
  },
  examples: {
    bad: [
      { "src/page.js": "box.innerHTML = `<b>${user.name}</b>`;\n" },
      {
        "src/page.js": "addEventListener('message', (event) => {\n  box.innerHTML = event.data.html;\n});\n",
      },
      { "src/page.js": "document.write('<b>' + location.hash + '</b>');\n" },
      {
        "src/page.tsx":
          "export const Text = (props) => <p dangerouslySetInnerHTML={{ __html: props.text }} />;\n",
      },
    ],
    good: [
      {
        "src/page.js":
          "box.innerHTML = '<b>Hello</b>';\nbox.innerHTML = '';\nbox.innerHTML = `<b>${escapeHtml(user.name)}</b>`;\nbox.textContent = user.name;\n",
      },
      {
        "src/page.tsx":
          "export const Text = (props) => <p dangerouslySetInnerHTML={{ __html: sanitize(props.text) }} />;\n",
      },
    ],
  },
});

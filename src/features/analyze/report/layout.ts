import stringWidth from "string-width";
import { formatCount, printableLine } from "../../../base/text.ts";
import { fit, paint, type Style } from "../../../base/style.ts";

const leastRoom = 20;

/** A title and what is to be said of it, in as many lines as it takes. The remark may be painted. */
export function heading(title: string, remark: string, style: Style): string[] {
  const head = paint(style, "bold", title);
  if (remark === "") return ["", head];
  if (stringWidth(title) + 2 + stringWidth(remark) <= style.columns)
    return ["", `${head}  ${paint(style, "dim", remark)}`];
  const lines = wrapWords(remark.split(" "), style.columns - 2);
  return ["", head, ...lines.map((line) => `  ${paint(style, "dim", line)}`)];
}

/** A label and a text of the repository that may need several lines; a label that leaves no room stands above. */
export function wrapped(
  text: string,
  label: string,
  labelWidth: number,
  style: Style,
  tone: "dim" | "yellow" = "dim",
): string[] {
  const beside = style.columns - labelWidth - 4;
  const room = beside >= leastRoom ? beside : style.columns - 4;
  const words = printableLine(text)
    .split(" ")
    .map((word) => fit(word, room));
  const lines = wrapWords(words, room);
  if (beside < leastRoom) return [`  ${paint(style, tone, label)}`, ...lines.map((line) => `    ${line}`)];
  return lines.map(
    (line, index) => `  ${paint(style, tone, (index === 0 ? label : "").padEnd(labelWidth))}  ${line}`,
  );
}

function wrapWords(words: readonly string[], room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && stringWidth(line) + 1 + stringWidth(word) > room) {
      lines.push(line);
      line = "";
    }
    line += (line === "" ? "" : " ") + word;
  }
  return [...lines, line];
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

import { firstLines } from "./text.ts";

/** The interpreter named by a `#!` line without its version suffix (`python3.11` → `python3`), or null. */
export function interpreterOf(bytes: Uint8Array): string | null {
  if (bytes[0] !== 35 || bytes[1] !== 33) return null;
  const head = firstLines(bytes, 5);
  const [line = ""] = head.split("\n", 1);
  const command = /^#!\s*(\S+)/.exec(line);
  if (command?.[1] === undefined) return null;
  let script = command[1].slice(command[1].lastIndexOf("/") + 1);
  if (script === "env") {
    // Options of env itself (`-S`, `--split-string`) and NAME=value pairs come before the command.
    const rest = line.slice(command[0].length).trim().split(/\s+/);
    const found = rest.find((word) => !/^(?:-[i0uCSv]*|--\S+)$/.test(word) && !/^[^/\s]+=\S/.test(word));
    if (found === undefined || found === "") return null;
    script = found;
  }
  script = script.replace(/\.\d+$/, "");
  if (script === "sh") {
    const exec = /exec (\w+)[^\n]+\$0[^\n]+\$@/.exec(head);
    if (exec?.[1] !== undefined) script = exec[1];
  }
  if (script === "osascript" && /-l\s?/.test(line)) return null;
  return script.slice(script.lastIndexOf("/") + 1);
}

import { expect, test } from "vitest";
import { commands } from "../features/registry.generated.ts";
import { commandHelp, programHelp } from "./help.ts";

test("the program's help", async () => {
  await expect(programHelp(commands, "0.0.0")).toMatchFileSnapshot("snapshots/program.help.txt");
});

test.each(commands)("help of $name", async (entry) => {
  const command = (await entry.load()).default;
  expect(command).toMatchObject({ name: entry.name, summary: entry.summary });
  for (const { description } of [...Object.values(command.options), ...command.positionals])
    expect(description).toMatch(/^[A-Z].{8,}/);
  expect(command.examples.length).toBeGreaterThan(0);
  for (const example of command.examples) expect(example).toContain(`repowright ${entry.name}`);
  const help = commandHelp(command);
  for (const name of Object.keys(command.options)) expect(help).toContain(`--${name}`);
  expect(help).not.toContain("--git-tokens");
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  await expect(help).toMatchFileSnapshot(`snapshots/${entry.name.replaceAll(" ", "-")}.help.txt`);
});

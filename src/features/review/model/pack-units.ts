import { type ChangeUnit, formatDefinition, formatUnit } from "./change-unit.ts";
import { tokensOf } from "./cut-text.ts";

/** Between two blocks, and for what rounding takes. */
const gapTokens = 2;

/** Groups whose texts each take at most `roomTokens`, in the order given. A unit that does not fit alone stands alone. */
export function packUnits(
  units: readonly ChangeUnit[],
  roomTokens: number,
): readonly (readonly ChangeUnit[])[] {
  const groups: ChangeUnit[][] = [];
  let used = Infinity;
  for (const unit of units) {
    const cost = tokensOfUnit(unit);
    if (used + cost > roomTokens) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)!.push(unit);
    used += cost;
  }
  return groups;
}

function tokensOfUnit(unit: ChangeUnit): number {
  const texts = [formatUnit(unit), ...unit.definitions.map(formatDefinition)];
  return texts.reduce((sum, text) => sum + tokensOf(text) + gapTokens, 0);
}

import type { FindingCategory, Severity } from "../../contracts/finding.ts";

export interface ChosenRule {
  readonly severity: Severity;
  readonly category: FindingCategory;
}

const group = (severity: Severity, category: FindingCategory, codes: string): [string, ChosenRule][] =>
  codes
    .trim()
    .split(/\s+/)
    .map((code) => [code, { severity, category }]);

/**
 * Rules that find bugs and holes in one file alone. No matters of taste, nothing that must see other files, and nothing that a
 * rule of ours looks for in every language (SQL, shells, eval, deserialising, TLS, mutable defaults, bare excepts).
 */
export const chosenRules: ReadonlyMap<string, ChosenRule> = new Map([
  // Raises, or is refused by Python, whenever it is reached.
  ...group(
    "error",
    "bug",
    `F502 F503 F505 F506 F507 F508 F509 F521 F522 F524 F621 F622 F633 F701 F702 F704 F706 F707 B016 B030
     PLE0100 PLE0101 PLE0115 PLE0116 PLE0117 PLE0118 PLE0241 PLE0302 PLE0303 PLE0305 PLE0307 PLE0308 PLE0309 PLE0604 PLE0605
     PLE0704 PLE1132 PLE1142 PLE1206 PLE1300 PLE1307 PLE1507 PLE1519 PLE1520 PLE1700 PLW0711 PLW1501`,
  ),
  // Does something other than what is written.
  ...group(
    "warning",
    "bug",
    `F402 F504 F523 F525 F631 F632 F634 F821 F822 F823 B002 B003 B005 B012 B015 B020 B021 B022 B023 B025 B029 B031 B032 B035 B039
     PLE0643 PLE1205 PLE1310 PLW0127 PLW0129 PLW0131 PLW0133 PLW0245 PLW1509 PLW2101 RUF006 RUF008 RUF016
     RUF024 RUF040 YTT101 YTT102 YTT103 YTT201 YTT202 YTT203 YTT301 YTT302 YTT303 INT001 INT002 INT003
     ASYNC100 ASYNC105 ASYNC210 ASYNC220 ASYNC221 ASYNC222 ASYNC251`,
  ),
  ...group("info", "bug", "B018 B019 B033 F811 ASYNC230 RUF009"),
  ...group("error", "security", "PLE2502"),
  ...group(
    "warning",
    "security",
    "PLE2510 PLE2512 PLE2513 PLE2514 PLE2515 S103 S201 S202 S306 S502 S503 S505 S507 S508 S612 S701 S702",
  ),
  ...group("info", "security", "S104 S113 S312 S321 S509 S610 S611 S704"),
]);

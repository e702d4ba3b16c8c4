import type { Comparison, Proof, Verification } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { count, plain, some } from "./words.ts";
import { hanging } from "./wrapped.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** Above so many lines the proven ones are only counted. */
const LISTED = 80;

/** A certificate as a person reads it. */
export function renderVerification(made: Verification, screen: Screen): string {
  const parts = [
    header(made, screen),
    failing(made, screen),
    proven(made.cells, screen),
    unprovable(made.cells, screen),
    against(made.against, screen),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function header({ summary, engine, cells }: Verification, { colors }: Screen): string {
  const title = `${colors.bold("Proof by experiment")}  ${colors.dim(engineTitle(engine))}`;
  if (cells.length === 0)
    return `${title}\nThe database has no relations, so that there is nothing to prove.`;
  const sum = `${count(summary.proven)} of ${some(cells.length, "experiment")} proven`;
  const open = summary.unprovable > 0 ? `, ${count(summary.unprovable)} not provable here` : "";
  if (summary.contradicted > 0)
    return `${title}\n${colors.red("CONTRADICTED")}  ${some(summary.contradicted, "experiment")} came out otherwise than declared; ${sum}${open}.`;
  const word = summary.unprovable > 0 ? colors.yellow("INCOMPLETE") : colors.green("PROVEN");
  return `${title}\n${word}  ${sum}${open}. All rows were taken back.`;
}

const PATHS = { native: "DELETE", ondelete: "ondelete" } as const;

const pathsOf = (cells: readonly Proof[]): string => [...new Set(cells.map((c) => PATHS[c.path]))].join(", ");

/** For example `users ← projects(user_id) ← runs(project_id)`. */
function wayOf({ parent, via, goesToo }: Proof): string {
  const steps = via.map((id) => id.replace(/ -> .*$/su, ""));
  return `${[parent, ...steps].map(plain).join(" ← ")}${goesToo ? ", which goes too" : ""}`;
}

function failing({ cells }: Verification, { colors }: Screen): string {
  const lines = cells
    .filter((c) => c.verdict === "contradicted")
    .map((c) => {
      const why = c.reason ? `\n    ${plain(c.reason)}` : "";
      return `  ${wayOf(c)}  ${colors.dim(PATHS[c.path])}\n    declared ${colors.bold(c.expected)}, seen ${colors.red(c.observed ?? "")}${why}`;
    });
  return lines.length === 0 ? "" : [colors.red(colors.bold("Contradicted")), ...lines].join("\n");
}

function proven(cells: readonly Proof[], { colors, width }: Screen): string {
  const good = cells.filter((c) => c.verdict === "proven");
  if (good.length === 0 || good.length > LISTED) return "";
  const lines = [...Map.groupBy(good, (c) => `${wayOf(c)}\u0000${c.expected}`).values()].map((group) => {
    const [first] = group as [Proof];
    return [wayOf(first), first.expected, colors.dim(pathsOf(group))];
  });
  const head = [colors.bold("Proven"), colors.dim("what happens"), colors.dim("by")];
  return columns([head, ...lines], "lll", width);
}

function unprovable(cells: readonly Proof[], { colors, width }: Screen): string {
  const open = Map.groupBy(
    cells.filter((c) => c.verdict === "unprovable"),
    (c) => c.reason ?? "",
  );
  if (open.size === 0) return "";
  const lines = [...open].flatMap(([reason, list]) => [
    hanging("  because: ", plain(reason), width),
    ...[...Map.groupBy(list, wayOf)].map(([way, cells]) => `    ${way}  ${colors.dim(pathsOf(cells))}`),
  ]);
  return [colors.yellow(colors.bold("Not provable here")), ...lines].join("\n");
}

function against(comparison: Comparison | undefined, { colors }: Screen): string {
  if (!comparison) return "";
  const { at, engine, sameEngine, sameSchema, settings, changed } = comparison;
  const facts = [
    ...(sameEngine ? [] : [`  It was made on ${plain(engine)}.`]),
    ...(sameSchema ? [] : ["  The schema or the policy is another."]),
    ...settings.map((s) => `  ${plain(s.name)} was ${plain(s.before)} and is ${plain(s.now)}.`),
    ...changed.map((c) => `  ${plain(c.cell)}: ${c.before ?? "not there"}, now ${c.now ?? "not there"}`),
  ];
  const same = facts.length === 0 ? "  Nothing is different." : "";
  return [colors.bold(`Against the certificate of ${at}`), ...facts, same].filter((l) => l !== "").join("\n");
}

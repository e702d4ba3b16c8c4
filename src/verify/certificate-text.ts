import type { Proof, Verification } from "../model/verification.ts";

/** A certificate as Markdown, to be kept beside the schema; the same for the same certificate. */
export function certificateText(made: Verification): string {
  const { engine, at, fingerprint, settings, summary, cells } = made;
  const facts = [
    ["Engine", `${engine.name} ${engine.version}`],
    ["Made", at],
    ["Schema and policy", `\`${fingerprint}\``],
    ["Experiments", made.on === "tables" ? "on the tables, taken back" : "in a scratch copy of the schema"],
    ["Proven", String(summary.proven)],
    ["Contradicted", String(summary.contradicted)],
    ["Not provable here", String(summary.unprovable)],
    ...Object.entries(settings).map(([name, value]) => [`\`${name}\``, `\`${value}\``]),
  ];
  const sections = (["contradicted", "unprovable", "proven"] as const)
    .map((verdict) =>
      section(
        verdict,
        cells.filter((c) => c.verdict === verdict),
      ),
    )
    .filter((text) => text !== "");
  return `${["# What this database does on delete", table(["", ""], facts), ...sections].join("\n\n")}\n`;
}

const TITLES = {
  proven: "Proven",
  contradicted: "Contradicted",
  unprovable: "Not provable here",
} as const;

function section(verdict: Proof["verdict"], cells: readonly Proof[]): string {
  if (cells.length === 0) return "";
  const head = ["Deleted", "By", "Path", "Declared", "Seen", ...(verdict === "proven" ? [] : ["Because"])];
  const rows = cells.map((c) => [
    `\`${c.parent}\``,
    c.via.map((id) => `\`${id}\``).join(", ") + (c.goesToo ? " (the row goes too)" : ""),
    c.path === "native" ? "DELETE" : "ondelete",
    c.expected,
    c.observed ?? "–",
    ...(verdict === "proven" ? [] : [c.reason ?? ""]),
  ]);
  return `## ${TITLES[verdict]}\n\n${table(head, rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");

import type { NativeOutcome, Plan } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { plain } from "./words.ts";
import { hanging } from "./wrapped.ts";

const WOULD: Readonly<Record<NativeOutcome, string>> = {
  applies: "go through",
  refused: "be refused",
  diverges: "go through and leave other rows than planned",
  unknown: "go through or not: that is not known",
};

/** What a bare DELETE would do, in a sentence. */
export function nativeSentence({ verdict, native }: Pick<Plan, "verdict" | "native">): string {
  if (native.verdict === "order-dependent") {
    const now = WOULD[native.now];
    if (native.now === "unknown" && native.afterRestore === "unknown") return `A bare DELETE would ${now}.`;
    return native.now === native.afterRestore
      ? `A bare DELETE would ${now} now and after a dump and restore, but only by the order in which things happen.`
      : `A bare DELETE would ${now} now, and after a dump and restore ${WOULD[native.afterRestore]}.`;
  }
  if (native.verdict === "applies") {
    return verdict === "allowed"
      ? "A bare DELETE would go through as well."
      : "A bare DELETE would go through: what stands in the way is not enforced, or another constraint takes it away.";
  }
  return verdict === "allowed"
    ? "A bare DELETE would be refused; ondelete goes in an order that works."
    : "A bare DELETE would be refused too.";
}

/** What decides about a bare DELETE, and what would make it safe; empty where it is sure what it does. */
export function nativeLines({ native }: Plan, { colors, width }: Pick<Terminal, "colors" | "width">): string {
  if (native.reasons.length + native.safer.length === 0) return "";
  const reasons = native.reasons.map((r) => hanging(`  ${colors.dim("because")}  `, plain(r.message), width));
  const safer = native.safer.flatMap((s) => [
    hanging(`  ${colors.dim("safer")}    `, plain(s.message), width),
    ...(s.sql === undefined ? [] : [`           ${colors.cyan(`${plain(s.sql)};`)}`]),
  ]);
  return [colors.bold("A bare DELETE"), ...reasons, ...safer].join("\n");
}

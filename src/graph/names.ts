/** The words of an identifier in lower case: `analysisRunId`, `analysis_run_id` and `AnalysisRun-ID` are analysis, run, id. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1_$2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** An English plural's singular, as far as names of tables go; a word that is none stays. */
function singular(word: string): string {
  const irregular: Readonly<Record<string, string>> = {
    people: "person",
    children: "child",
    men: "man",
    women: "woman",
    statuses: "status",
    addresses: "address",
    indices: "index",
    data: "data",
  };
  const known = irregular[word];
  if (known) return known;
  if (/ies$/.test(word) && word.length > 4) return word.replace(/ies$/, "y");
  if (/(ss|x|ch|sh|zz)es$/.test(word)) return word.replace(/es$/, "");
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** The words of a table's name with the last one in the singular. */
export function stemOf(table: string): readonly string[] {
  const words = wordsOf(table);
  return words.map((word, i) => (i === words.length - 1 ? singular(word) : word));
}

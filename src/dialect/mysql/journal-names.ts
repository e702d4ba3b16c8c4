/** Names of ondelete's own tables, which are in the connected database. */
export const journalNames = (journal: { readonly prefix: string }): readonly string[] =>
  ["operation", "archive_part", "archive_chunk", "work_chunk", "outbox"].map(
    (name) => `${journal.prefix}${name}`,
  );

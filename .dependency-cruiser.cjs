// The floors of ARCHITECTURE.md: a floor imports only lower ones.
const engines = ["postgres", "mysql", "sqlite"];
const verbs = [
  "inspect",
  "document",
  "check",
  "plan",
  "execute",
  "restore",
  "orphans",
  "migrate",
  "purge",
  "verify",
  "attempts",
  "deliver",
];

const ground = "^src/(std/|model/|error\\.ts)";
const graph = "^src/graph/";
const contract = "^src/dialect/[^/]+\\.ts$";
const notOurs = "^(?!src/)";
const engine = `^src/dialect/(${engines.join("|")})/`;

/** Modules at `path` may import only `allowed`, packages and what Node brings. */
const only = (name, path, allowed) => ({
  name,
  severity: "error",
  from: { path },
  to: { pathNot: [...allowed, notOurs] },
});

module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("floor-0-std", "^src/std/", ["^src/std/"]),
    only("floor-0-error", "^src/error\\.ts$", ["^src/std/"]),
    only("floor-0-model", "^src/model/", ["^src/(std|model)/", "^src/error\\.ts$"]),
    only("floor-1-graph", graph, [ground, graph]),
    only("floor-1-dialect", contract, [ground, graph, contract]),
    ...verbs.map((name) =>
      only(`floor-2-${name}`, `^src/${name}/`, [ground, graph, contract, `^src/${name}/`, "^src/journal/"]),
    ),
    ...["journal", "source"].map((name) =>
      only(`floor-2-${name}`, `^src/${name}/`, [ground, graph, contract, `^src/${name}/`]),
    ),
    only("floor-2-files", "^src/files/", ["^src/std/", "^src/model/", "^src/error\\.ts$", "^src/files/"]),
    ...engines.map((name) =>
      only(`floor-2-dialect-${name}`, `^src/dialect/${name}/`, [
        ground,
        graph,
        contract,
        `^src/dialect/${name}/`,
      ]),
    ),
    only("floor-3-config", "^src/config/", [
      ground,
      graph,
      contract,
      "^src/files/",
      "^src/source/",
      "^src/config/",
    ]),
    only("floor-3-connect", "^src/connect/", [ground, graph, contract, engine, "^src/connect/"]),
    only("floor-4", "^src/(database|session|deletes|index)\\.ts$|^src/integrate/", ["^src/(?!cli/|serve/)"]),
    only("floor-5-cli", "^src/cli/", ["^src/cli/", "^src/index\\.ts$"]),
    only("floor-5-serve", "^src/serve/", ["^src/serve/", "^src/index\\.ts$"]),
    {
      name: "drivers-in-connect",
      comment:
        "Only connect/ chooses an engine, so only it loads a driver; the demo makes the file that it shows.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(connect|cli/demo)/" },
      to: {
        path: "(^|/)node_modules/(pg|mysql2|@electric-sql/pglite|better-sqlite3)/|^(node:)?sqlite$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "kysely-of-the-application",
      comment:
        "Statements of ondelete's own are composed with the version that it brings, under the name own-kysely.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/integrate/" },
      to: { path: "(^|/)node_modules/kysely/" },
    },
    {
      name: "prompts-in-confirm",
      comment: "One function asks a person, see src/cli/confirm.ts.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/confirm\\.ts$" },
      to: { path: "(^|/)node_modules/@clack/|^(node:)?readline" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};

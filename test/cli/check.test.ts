import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

const SCHEMA = `
create table users (id integer primary key);
create table orders (id integer primary key, user_id integer not null, foreign key (user_id) references users (id) on delete cascade);
create index orders_user on orders (user_id);
create table nodes (id integer primary key, up integer, foreign key (up) references nodes (id));
create index nodes_up on nodes (up);
create table audit_log (id integer primary key, user_id integer, foreign key (user_id) references users (id) on delete cascade);
create index audit_user on audit_log (user_id);
`;

eachReachable(
  ({ db }) => db.exec(SCHEMA),
  (stage) => {
    const { run } = stage;
    const at = (file: string) => join(stage.cwd, file);
    const config = (checks: object) => writeFileSync(at("ondelete.config.json"), JSON.stringify({ checks }));

    test("findings end with 1, and people read what is the case, what follows and what to do", () => {
      const { stdout, stderr, status } = run("check");
      expect(stdout).toContain(
        ["nodes", "  ▲ warning  nodes(up) -> nodes(id)  self-reference-blocks"].join("\n"),
      );
      expect(stdout).toContain("a row of nodes that has others below it cannot be deleted");
      expect(stdout).toContain("    → Make it CASCADE where a row owns those below it");
      expect(stdout).toContain("  ? guess  audit_log(user_id) -> users(id)  cascade-to-audit");
      expect(stdout).toContain("0 errors, 1 warning, 0 infos, 1 guess");
      expect([stderr, status]).toEqual(["", 1]);
    });

    test("--json and --format json print the same one document", () => {
      const [one, other] = [run("check", "--json"), run("check", "--format", "json")];
      expect(one.stdout).toBe(other.stdout);
      expect(JSON.parse(one.stdout)).toMatchObject({
        kind: "findings",
        findings: [{ rule: "self-reference-blocks" }, { rule: "cascade-to-audit", standing: "unconfirmed" }],
      });
      expect([one.status, other.status]).toEqual([1, 1]);
    });

    test("a threshold decides what ends with 1; an info and a guess never do unless asked", () => {
      expect(run("check", "--fail-on", "error").status).toBe(0);
      config({ rules: { "self-reference-blocks": "info" } });
      expect(run("check").status).toBe(0);
      expect(run("check", "--fail-on", "info").status).toBe(1);
      config({ rules: { "self-reference-blocks": "off", "cascade-to-audit": "error" } });
      expect(run("check").status).toBe(1);
      config({ rules: { "self-reference-blocks": "off" } });
      const clean = run("check");
      expect(clean.stdout).toContain("1 guess");
      expect(clean.status).toBe(0);
    });

    test("a baseline is written, keeps a check green, and shows what is mended", async () => {
      const file = "known.json";
      expect(run("check", "--baseline", file).status).toBe(2);
      const written = run("check", "--baseline", file, "--update-baseline");
      expect([written.status, written.stderr]).toEqual([
        0,
        "The baseline known.json knows what was found.\n",
      ]);
      expect(readFileSync(at(file), "utf8")).toBe(
        [
          "{",
          '  "ondelete": "1",',
          '  "kind": "baseline",',
          '  "findings": [',
          '    {"rule":"cascade-to-audit","object":"audit_log(user_id) -> users(id)","fingerprint":"81091535013067ae"},',
          '    {"rule":"self-reference-blocks","object":"nodes(up) -> nodes(id)","fingerprint":"9368ccbc7408a6c3"}',
          "  ]",
          "}",
          "",
        ].join("\n"),
      );
      const known = run("check", "--baseline", file, "--fail-on-stale-baseline");
      expect(known.status).toBe(0);
      expect(known.stdout).toContain("2 findings known by the baseline.");
      await stage.db.exec("drop table nodes");
      expect(run("check", "--baseline", file).status).toBe(0);
      const stale = run("check", "--baseline", file, "--fail-on-stale-baseline");
      expect(stale.stdout).toContain("1 entry of the baseline no longer found");
      expect(stale.status).toBe(1);
      // What another rule found is left alone by one that is asked for.
      run("check", "--baseline", file, "--update-baseline", "--rule", "cascade-to-audit");
      expect(JSON.parse(readFileSync(at(file), "utf8")).findings).toHaveLength(2);
      run("check", "--baseline", file, "--update-baseline");
      expect(JSON.parse(readFileSync(at(file), "utf8")).findings).toHaveLength(1);
    });

    test("a baseline of another format is refused with what to do, and so is another file under the name of a lock", () => {
      const old = '{ "ondelete": "0", "kind": "baseline", "findings": [] }';
      writeFileSync(at("old.json"), old);
      for (const more of [[], ["--update-baseline"]]) {
        const { stdout, stderr, status } = run("check", "--baseline", "old.json", ...more);
        expect([stdout, status]).toEqual(["", 2]);
        expect(stderr).toContain('its format is "0", and this version reads "1"');
        expect(stderr).toContain("Remove old.json, then write it anew");
      }
      const other = run("check", "--lock", "old.json");
      expect([other.stdout, other.status]).toEqual(["", 2]);
      expect(other.stderr).toContain("The file old.json is there and holds no foreign keys of ondelete.");
      expect(readFileSync(at("old.json"), "utf8")).toBe(old);
    });

    test("an ignore that has run out shows what it hid again, and one that hides nothing is told", () => {
      const ignore = (object: string, expires: string) => ({
        ...{ rule: "self-reference-blocks", object, reason: "a tree", owner: "data team", expires },
      });
      config({ ignores: [ignore("nodes(*", "2020-01-31"), ignore("gone(*", "2999-12-31")] });
      const { stdout, status } = run("check");
      expect(stdout).toContain("✖ error  nodes(*  ignore-invalid");
      expect(stdout).toContain("ended on 2020-01-31: what it hid is reported again.");
      expect(stdout).toContain("▲ warning  nodes(up) -> nodes(id)  self-reference-blocks");
      expect(stdout).toContain("The ignore of self-reference-blocks for gone(* hides nothing and can go.");
      expect(status).toBe(1);
      // It does not fail a check.
      config({ ignores: [ignore("nodes(*", "2999-12-31"), ignore("gone(*", "2999-12-31")] });
      expect(run("check").status).toBe(0);
    });

    test("a lock file that says the same is left alone, one of another database or in conflict is written anew", async () => {
      const file = at("lock.json");
      run("check", "--lock", "lock.json");
      const text = readFileSync(file, "utf8");
      utimesSync(file, 1, 1);
      run("check", "--lock", "lock.json");
      expect(statSync(file).mtimeMs).toBe(1000);
      writeFileSync(file, `<<<<<<< ours\n${text}=======\n>>>>>>> theirs\n`);
      run("check", "--lock", "lock.json");
      expect(readFileSync(file, "utf8")).toBe(text);
      await stage.db.exec("drop table nodes");
      run("check", "--lock", "lock.json");
      expect(readFileSync(file, "utf8")).toBe(text.replace(/^ .*"nodes\(up\).*\n/m, ""));
    });

    test("a lock file has one foreign key a line, to which findings point", () => {
      const { stdout, status } = run("check", "--lock", "ondelete.schema.json", "--format", "github");
      const lines = readFileSync(at("ondelete.schema.json"), "utf8").split("\n");
      const keys = lines
        .filter((line) => line.startsWith('    {"id":'))
        .map((line) => JSON.parse(line.replace(/,$/, "")).id);
      expect(keys).toEqual([
        "audit_log(user_id) -> users(id)",
        "nodes(up) -> nodes(id)",
        "orders(user_id) -> users(id)",
      ]);
      const [finding = "", guess = ""] = stdout.split("\n");
      expect(finding).toMatch(
        /^::warning file=ondelete\.schema\.json,line=6,title=self-reference-blocks%3A nodes\(up\)/,
      );
      expect(guess).toMatch(/^::notice file=ondelete\.schema\.json,line=5,/);
      expect(lines[6 - 1]).toContain('"id":"nodes(up) -> nodes(id)"');
      expect(status).toBe(1);
    });

    test.each(["sarif", "gitlab", "junit", "markdown"])(
      "--format %s prints nothing else on stdout",
      (format) => {
        const { stdout, status } = run("check", "--format", format);
        expect(stdout).toContain("self-reference-blocks");
        if (format === "sarif" || format === "gitlab") JSON.parse(stdout);
        expect(status).toBe(1);
      },
    );

    test("what cannot be done ends with 2, and says what to do", () => {
      const cases = [
        [["--rule", "fk-witout-index"], 'There is no rule fk-witout-index. Did you mean "fk-without-index"?'],
        [["--update-baseline"], "It takes --baseline FILE."],
        [["--format", "xml"], "xml"],
        [["--fail-on", "never"], "never"],
        [["--json", "--format", "sarif"], "--json and --format sarif are two formats"],
        [["--format", "github", "--format", "sarif"], "There is github already: stdout takes one format."],
        [["--fail-on-stale-baseline"], "It takes --baseline FILE."],
        [["--baseline", "nowhere.json"], "cannot be used"],
      ] as const;
      for (const [words, message] of cases) {
        const { stdout, stderr, status } = run("check", ...words);
        expect([stdout, status]).toEqual(["", 2]);
        expect(stderr).toContain(message);
      }
      writeFileSync(at("broken.json"), '{"findings": []}');
      expect(run("check", "--baseline", "broken.json").stderr).toContain("it holds no baseline of ondelete");
      config({ rules: { nonsense: "off" } });
      expect(run("check").status).toBe(2);
    });

    test.skipIf(stage.variant.engine !== "postgres")(
      "a rule that could not run ends with 4, whatever the others found (roles: PostgreSQL)",
      async () => {
        const role = `ondelete_check_${process.pid}`;
        await stage.db.exec([
          "create table marked (id integer primary key, is_deleted boolean, deleted_at timestamptz)",
          `create role ${role} login`,
        ]);
        try {
          const url = new URL(stage.db.url);
          url.username = role;
          const { stdout, status } = run("check", "--data", "--url", url.href);
          expect(stdout).toContain("soft-marker-ambiguous could not run: ");
          expect(stdout).toContain("self-reference-blocks");
          expect(status).toBe(4);
        } finally {
          await stage.db.exec(`drop role ${role}`);
        }
      },
    );

    test("tables that the configuration leaves out are looked at, and not told of", () => {
      writeFileSync(at("ondelete.config.json"), JSON.stringify({ exclude: ["nodes"] }));
      const { findings } = JSON.parse(run("check", "--json").stdout);
      expect(findings.map((f: { object: string }) => f.object)).toEqual(["audit_log(user_id) -> users(id)"]);
      writeFileSync(at("ondelete.config.json"), JSON.stringify({ include: ["nodes"] }));
      const { findings: other } = JSON.parse(run("check", "--json").stdout);
      expect(other.map((f: { object: string }) => f.object)).toEqual(["nodes(up) -> nodes(id)"]);
    });

    test("a database that cannot be reached ends with 3", () => {
      const { status } = run(
        "check",
        "--url",
        stage.variant.engine === "mariadb" ? "mysql://127.0.0.1:1/x" : "postgres://127.0.0.1:1/x",
      );
      expect(status).toBe(3);
      expect(existsSync(at("ondelete.schema.json"))).toBe(false);
    });
  },
);

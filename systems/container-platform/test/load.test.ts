import { expect, test } from "vitest";
import { connect } from "../database.ts";
import { rowsIn, sampleRows } from "../sample-data.ts";
import { servicesOf } from "../services/platform-services.ts";
import { watched } from "./plans.ts";
import { ADMIN, eachServer } from "./stage.ts";

const USERS = 5_700;

eachServer((stage) => {
  test("try", { timeout: 300_000 }, async () => {
    let t = performance.now();
    const lap = (what: string) => { console.log(what, Math.round(performance.now() - t)); t = performance.now(); };
    const rows = sampleRows(USERS); lap("made");
    console.log(rowsIn(rows), Object.fromEntries(Object.entries(rows).map(([k, v]) => [k, v.length])));
    const { db } = await stage(USERS); lap("filled");
    if (db.url.startsWith("postgres")) await db.exec("analyze"); else await db.exec(Object.keys(rows).map((t) => `analyze table "${t}"`));
    lap("analyzed");
    const look = watched(db);
    const platform = await connect(look.handle);
    const s = servicesOf(platform);
    look.seen();
    const tell = (what: string) => { const { plans, scans } = look.seen(); lap(what); console.log(plans, "plans"); for (const x of new Set(scans.map((x) => `${x.table}: ${x.statement.replace(/\s+/g, " ").slice(0, 300)}`))) console.log("   ", x); };
    const uid = rows.users[17]?.uid ?? "";
    await s.users.preview(uid); tell("preview user");
    const r = await s.users.destroy(uid, ADMIN); tell("destroy user"); console.log(r.rows);
    await s.users.restore(uid, r.operation, ADMIN); tell("restore user");
    const pid = rows.projects.find((p) => !p.deleted_at)?.pid ?? "";
    const h = await s.projects.hide(pid, ADMIN); tell("hide project"); console.log(h.rows);
    await s.projects.restore(pid, h.operation, ADMIN); tell("restore project");
    const h2 = await s.projects.destroy(pid, ADMIN); tell("destroy project"); console.log(h2.rows);
    const g = await s.groups.destroy(rows.groups[3]?.gid ?? "", ADMIN); tell("destroy group"); console.log(g.rows);
    const f = await s.forms.destroy(rows.forms[30]?.id ?? "", ADMIN); tell("destroy form"); console.log(f.rows);
    const i = await s.images.destroy(rows.image_requests[30]?.id ?? "", ADMIN); tell("destroy req"); console.log(i.rows);
    const c = await platform.softly.delete("container_repositories", { id: rows.container_repositories[3]?.id ?? "" }); tell("destroy repo"); console.log(c.deleted);
    const p = await platform.ondelete.purge({ policies: ["forms"] } as never); tell("purge forms"); console.log(JSON.stringify(p).slice(0, 300));
    expect(1).toBe(1);
  });
});

// The API: PIPELINE_DATABASE=pipeline.sqlite node systems/analysis-pipeline/entry/api.ts
import { serve } from "@hono/node-server";
import { api } from "../api.ts";
import { connect } from "../database.ts";
import { pipeline } from "../services/pipeline.ts";

const database = connect(process.env.PIPELINE_DATABASE ?? "pipeline.sqlite");
serve({ fetch: api(await pipeline(database)).fetch, port: Number(process.env.PORT ?? 3000) });
